// The product behind convolutions, their data gradients, transposed convolutions and dense layers: an implicit GEMM
// that gathers the rows of A from an image while it runs.
//
//   y[row, o] = relu?(sum over taps and channels of source[pixel(row, tap), c] weights[tap, c, o] + bias[o] + residual)
//
// Shapes: source [n,source_h,source_w,channels], rows of y are pixels of [n,out_h,out_w,columns], weights [K,columns]
// with K = taps x channels; channels and the weights' columns are padded to 16 bytes.
//
// Launch: one block a tile of 256x128, 128x128, 128x64 or 64x64 of y, with 256 threads, the last with 128: the largest
// of which there are still two for each multiprocessor; 256x128 in bf16 and f16 only, and not on sm_75, whose shared
// memory has no room for its ring. Where there are too few even of the smallest, as on C5 of one photo, a second axis
// of the grid divides K; the parts' sums go to memory, and gather_gemm_splitk_reduce adds them in order. Column tiles
// vary fastest, so that blocks that run together share rows of the source in L2. A ring of three stages filled by
// cp.async hides the latency of memory behind the products. Of 128x128 two blocks share a multiprocessor of sm_80, 90
// or 100 (57 KB of shared memory, 128 registers a thread); of 256x128 it holds one (88 KB, 224 registers), which for
// the same work reads a quarter less from L2 and a third less from shared memory.
//
// Work: 2 rows columns K. Bytes: source once a column tile (mostly from L2, as taps reread it), weights once a row
// tile, y written once and residual read once, and 8 bytes for each part of each element of y.
//
// Deterministic: an element of a part is summed by one thread, in the order of K; sizes alone decide on the parts.
#include "common/vector_io.cuh"
#include "gemm/gather_gemm.cuh"

namespace selvage::cuda {
namespace {

template <typename T, class Tile>
struct GatherShared {
  using StageA = Stage<T, Tile::kRows, true>;
  using StageB = Stage<T, Tile::kColumns, false>;
  static constexpr int kSumsLeading = Tile::kColumns + 4;  // one row of warps writes its sums here at a time
  static constexpr int kBytes = kStages * (StageA::kElements + StageB::kElements) * static_cast<int>(sizeof(T));
  static_assert(kBytes >= Tile::kWarpRows * kSumsLeading * 4);
};

// The pixel of y that a row is.
__device__ __forceinline__ int64_t pixel_of(const GatherGrid& g, int row) {
  const int line = row / g.rows_w;
  const int y = line % g.rows_h * g.out_step + g.out_y, x = row % g.rows_w * g.out_step + g.out_x;
  return (static_cast<int64_t>(line / g.rows_h) * g.out_h + y) * g.out_w + x;
}

// y = relu?(sums + bias + residual) for one row of a tile, from `column` on.
template <typename Out>
__device__ __forceinline__ void finish_vector(const Epilogue& e, int64_t pixel, int column, const float* sums) {
  Out* y = static_cast<Out*>(e.y) + pixel * e.columns;
  const Out* residual = static_cast<const Out*>(e.residual) + (e.residual == nullptr ? 0 : pixel * e.columns);
  constexpr int kCount = kVector<Out>;
  const bool whole = e.width == kCount;
  float others[kCount] = {}, results[kCount];
  if (whole && e.residual != nullptr) load(others, residual + column);
#pragma unroll
  for (int i = 0; i < kCount; ++i) {
    const bool inside = whole || column + i < e.columns;
    float value = sums[i];
    if (e.bias != nullptr && inside) value += e.bias[column + i];
    if (e.residual != nullptr && inside) value += whole ? others[i] : to_float(residual[column + i]);
    results[i] = e.relu && value < 0 ? 0.0f : value;
    if (!whole && inside) y[column + i] = from_float<Out>(results[i]);
  }
  if (whole) store(y + column, results);
}

template <class Math, class Tile>
__global__ void __launch_bounds__(Tile::kThreads, kResidentBlocks<Tile>)
    gather_gemm(GatherGrid g, const typename Math::Element* source, const typename Math::Element* weights,
                int weight_columns, int steps_of_part, Epilogue epilogue) {
  using T = typename Math::Element;
  using Shared = GatherShared<T, Tile>;
  using StageA = typename Shared::StageA;
  using StageB = typename Shared::StageB;
  constexpr int kVectorsOfRow = kDepth<T> / kVector<T>, kRowsAtOnce = Tile::kThreads / kVectorsOfRow;
  constexpr int kLoadsA = Tile::kRows / kRowsAtOnce;
  constexpr int kVectorsOfColumns = Tile::kColumns / kVector<T>, kDepthAtOnce = Tile::kThreads / kVectorsOfColumns;
  constexpr int kLoadsB = kDepth<T> / kDepthAtOnce;
  DYNAMIC_SHARED(T, shared);
  T* stages_a = shared;
  T* stages_b = shared + kStages * StageA::kElements;
  const int thread = static_cast<int>(threadIdx.x);
  const int column_tiles = (epilogue.columns + Tile::kColumns - 1) / Tile::kColumns;
  const int first_row = static_cast<int>(blockIdx.x) / column_tiles * Tile::kRows;
  const int first_column = static_cast<int>(blockIdx.x) % column_tiles * Tile::kColumns;
  const int depth = g.depth(), steps = (depth + kDepth<T> - 1) / kDepth<T>;
  const int first = static_cast<int>(blockIdx.y) * steps_of_part;
  const int end = first + steps_of_part < steps ? first + steps_of_part : steps;

  // Of A, this thread copies one vector of each of kLoadsA rows: their source pixels at tap (0,0) ...
  const int lane_of_row = thread % kVectorsOfRow * kVector<T>, row_of_tile = thread / kVectorsOfRow;
  int image[kLoadsA], y0[kLoadsA], x0[kLoadsA];
#pragma unroll
  for (int i = 0; i < kLoadsA; ++i) {
    const int row = first_row + row_of_tile + i * kRowsAtOnce;
    const bool inside = row < g.rows();
    const int x = row % g.rows_w, line = row / g.rows_w;
    image[i] = line / g.rows_h * g.source_h;
    y0[i] = inside ? line % g.rows_h * g.step + g.first_y : INT32_MIN / 2;  // no tap brings this back into the image
    x0[i] = x * g.step + g.first_x;
  }
  // ... and where along the depth it is: a channel of a tap.
  int channel = first * kDepth<T> + lane_of_row;
  const int tap = channel / g.channels;
  int tap_y = g.taps_x > 0 ? tap / g.taps_x : 0, tap_x = tap - tap_y * g.taps_x;
  channel %= g.channels;
  const auto next_taps = [&] {
    while (channel >= g.channels) {
      channel -= g.channels;
      if (++tap_x == g.taps_x) {
        tap_x = 0;
        ++tap_y;
      }
    }
  };

  // Of B, one vector of each of kLoadsB rows of the weights.
  const int column_of_tile = thread % kVectorsOfColumns * kVector<T>, row_of_depth = thread / kVectorsOfColumns;
  const bool column_inside = first_column + column_of_tile < weight_columns;
  const T* weights_at = weights + static_cast<int64_t>(row_of_depth) * weight_columns + first_column + column_of_tile;

  const auto load = [&](int step) {
    T* a = stages_a + step % kStages * StageA::kElements;
    T* b = stages_b + step % kStages * StageB::kElements;
#pragma unroll
    for (int i = 0; i < kLoadsA; ++i) {
      const int y = y0[i] + tap_y * g.direction, x = x0[i] + tap_x * g.direction;
      const bool inside = tap_y < g.taps_y && y >= 0 && y < g.source_h && x >= 0 && x < g.source_w;
      const int64_t pixel = inside ? static_cast<int64_t>(image[i] + y) * g.source_w + x : 0;
      copy_async<16>(a + StageA::at(row_of_tile + i * kRowsAtOnce, lane_of_row), source + pixel * g.channels + channel,
                     inside);
    }
    channel += kDepth<T>;
    next_taps();
#pragma unroll
    for (int i = 0; i < kLoadsB; ++i) {
      const int row = row_of_depth + i * kDepthAtOnce;
      const bool inside = column_inside && step * kDepth<T> + row < depth;
      const int64_t offset = inside ? (static_cast<int64_t>(step) * kDepth<T> + i * kDepthAtOnce) * weight_columns : 0;
      copy_async<16>(b + StageB::at(column_of_tile, row), inside ? weights_at + offset : weights, inside);
    }
    commit_copies();
  };

  Tile tile;
  tile.clear();
#pragma unroll
  for (int step = first; step < first + kStages - 1; ++step) {
    if (step < end) {
      load(step);
    } else {
      commit_copies();  // an empty group: the waits below count groups
    }
  }
  for (int step = first; step < end; ++step) {
    wait_copies<kStages - 2>();
    __syncthreads();  // this stage is there for all, and all are done with the one that is filled next
    if (step + kStages - 1 < end) {
      load(step + kStages - 1);
    } else {
      commit_copies();
    }
    multiply<Math, Tile, StageA, StageB>(tile, stages_a + step % kStages * StageA::kElements,
                                         stages_b + step % kStages * StageB::kElements);
  }
  wait_copies<0>();

  // The sums pass through shared memory, one row of warps at a time, so that y is written in whole vectors.
  float* sums = reinterpret_cast<float*>(shared);
  const int lane = thread % 32;
#pragma unroll 1
  for (int part = 0; part < Tile::kRows; part += Tile::kWarpRows) {
    __syncthreads();
    if (warp_row<Tile>() == part) {
#pragma unroll
      for (int i = 0; i < Tile::kPiecesDown; ++i) {
#pragma unroll
        for (int j = 0; j < Tile::kPiecesAcross; ++j) {
#pragma unroll
          for (int half = 0; half < 2; ++half) {
            const int row = 16 * i + 8 * half + lane / 4, column = warp_column<Tile>() + 8 * j + lane % 4 * 2;
            *reinterpret_cast<float2*>(sums + row * Shared::kSumsLeading + column) =
                make_float2(tile.sums[i][j][2 * half], tile.sums[i][j][2 * half + 1]);
          }
        }
      }
    }
    __syncthreads();
    const int vector = epilogue.y_is_float ? kVector<float> : kVector<T>, vectors = Tile::kColumns / vector;
    for (int v = thread; v < Tile::kWarpRows * vectors; v += Tile::kThreads) {
      const int row = first_row + part + v / vectors, column = v % vectors * vector;
      if (row >= g.rows() || first_column + column >= epilogue.columns) continue;
      const int64_t pixel = gridDim.y == 1 ? pixel_of(g, row) : static_cast<int64_t>(blockIdx.y) * g.rows() + row;
      const float* from = sums + v / vectors * Shared::kSumsLeading + column;
      if (epilogue.y_is_float) {
        finish_vector<float>(epilogue, pixel, first_column + column, from);
      } else {
        finish_vector<T>(epilogue, pixel, first_column + column, from);
      }
    }
  }
}

// y from the sums of the parts, added in order. One thread a vector of y; bytes: the parts read, y written once.
template <typename Out>
__global__ void gather_gemm_splitk_reduce(GatherGrid g, const float* parts, int splits, Epilogue e) {
  constexpr int kCount = kVector<Out>;
  const int vectors = (e.columns + kCount - 1) / kCount;
  const int64_t part = static_cast<int64_t>(g.rows()) * e.columns, count = static_cast<int64_t>(g.rows()) * vectors;
  for (int64_t i = global_thread(); i < count; i += global_threads()) {
    const int row = static_cast<int>(i / vectors), column = static_cast<int>(i % vectors) * kCount;
    const float* from = parts + static_cast<int64_t>(row) * e.columns + column;
    const int inside = e.columns - column;
    float sums[kCount] = {};
    for (int s = 0; s < splits; ++s) {
#pragma unroll
      for (int k = 0; k < kCount; ++k) sums[k] += k < inside ? from[s * part + k] : 0.0f;
    }
    finish_vector<Out>(e, pixel_of(g, row), column, sums);
  }
}

template <class Math, class Tile>
void launch(const GatherGrid& g, const typename Math::Element* source, const typename Math::Element* weights,
            int weight_columns, const Epilogue& epilogue) {
  using T = typename Math::Element;
  constexpr int kBytes = GatherShared<T, Tile>::kBytes;
  const int blocks = tiles(epilogue.columns, Tile::kColumns) * tiles(g.rows(), Tile::kRows);
  const SplitK split(tiles(g.depth(), kDepth<T>), blocks);
  if (split.count == 1) {
    LAUNCH((gather_gemm<Math, Tile>), blocks, Tile::kThreads, kBytes, g, source, weights, weight_columns, split.steps,
           epilogue);
    return;
  }
  Workspace<float> parts(static_cast<int64_t>(split.count) * g.rows() * epilogue.columns);
  const int16_t width = epilogue.columns % kVector<float> == 0 ? kVector<float> : 1;
  const Epilogue sums{parts.data(), nullptr, nullptr, epilogue.columns, false, true, width};
  LAUNCH((gather_gemm<Math, Tile>), dim3(blocks, split.count), Tile::kThreads, kBytes, g, source, weights,
         weight_columns, split.steps, sums);
  const unsigned finishing = blocks_for(static_cast<int64_t>(g.rows()) * tiles(epilogue.columns, kVector<float>));
  if (epilogue.y_is_float) {
    LAUNCH(gather_gemm_splitk_reduce<float>, finishing, kThreads, 0, g, parts.data(), split.count, epilogue);
  } else {
    LAUNCH(gather_gemm_splitk_reduce<T>, finishing, kThreads, 0, g, parts.data(), split.count, epilogue);
  }
}

}  // namespace

int wanted_blocks = 2 * 132;

template <class Math>
void launch_gather_gemm(const GatherGrid& g, const typename Math::Element* source,
                        const typename Math::Element* weights, int weight_columns, const Epilogue& epilogue) {
  using Large = Tile<128, 128, 64, 32>;
  using Narrow = Tile<128, 64, 32, 32>;
  using Small = Tile<64, 64, 32, 32>;
  if (g.rows() == 0 || epilogue.columns == 0) return;
  const auto blocks = [&](int rows, int columns) { return tiles(g.rows(), rows) * tiles(epilogue.columns, columns); };
  if constexpr (sizeof(typename Math::Element) == 2) {
    if (epilogue.columns > 64 && blocks(HugeTile::kRows, HugeTile::kColumns) >= wanted_blocks &&
        GatherShared<typename Math::Element, HugeTile>::kBytes <= most_shared()) {
      launch<Math, HugeTile>(g, source, weights, weight_columns, epilogue);
      return;
    }
  }
  if (epilogue.columns > 64 && blocks(128, 128) >= wanted_blocks) {
    launch<Math, Large>(g, source, weights, weight_columns, epilogue);
  } else if (blocks(128, 64) >= wanted_blocks) {
    launch<Math, Narrow>(g, source, weights, weight_columns, epilogue);
  } else {
    launch<Math, Small>(g, source, weights, weight_columns, epilogue);
  }
}

template void launch_gather_gemm<MathBf16>(const GatherGrid&, const bf16*, const bf16*, int, const Epilogue&);
template void launch_gather_gemm<MathF16>(const GatherGrid&, const f16*, const f16*, int, const Epilogue&);
template void launch_gather_gemm<MathTf32>(const GatherGrid&, const float*, const float*, int, const Epilogue&);
template void launch_gather_gemm<MathExact>(const GatherGrid&, const float*, const float*, int, const Epilogue&);

}  // namespace selvage::cuda

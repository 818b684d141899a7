// The product behind convolutions, their data gradients, transposed convolutions and dense layers: an implicit GEMM
// that gathers the rows of A from an image while it runs.
//
//   y[row, o] = relu?(sum over taps and channels of source[pixel(row, tap), c] weights[tap, c, o] + bias[o] + residual)
//
// and, with a mask, 0 where the mask is not positive: the gradient of a ReLU.
//
// Shapes: source [n,source_h,source_w,channels], rows of y are pixels of [n,out_h,out_w,columns], weights [K,columns]
// with K = taps x channels; channels and the weights' columns are padded to 16 bytes.
//
// Launch: one block a tile of 256x128, 128x128, 128x64 or 64x64 of y, with 256 threads, the last with 128: the largest
// of which there are still two for each multiprocessor; 256x128 in bf16 and f16 only, and not on sm_75, whose shared
// memory has no room for its ring. Where there are too few even of the smallest, as on C5 of one photo, a second axis
// of the grid divides K; the parts' sums go to memory, and gather_gemm_splitk_reduce adds them in order. Column tiles
// vary fastest, so that blocks that run together share rows of the source in L2. Of 128x128 two blocks share a
// multiprocessor of sm_80, 90 or 100 (64 KB of shared memory, at most 128 registers a thread); of 256x128 it holds one
// (96 KB), which for the same work reads a quarter less from L2 and a third less from shared memory.
//
// Work: 2 rows columns K. Bytes: source once a column tile (mostly from L2, as taps reread it), weights once a row
// tile, y written once and residual read once, and 8 bytes for each part of each element of y.
//
// Deterministic: an element of a part is summed by one thread, in the order of K; sizes alone decide on the parts.
//
// On compute capability 9.0 hopper/gather_wgmma.cu can take its place.
#include "gemm/finish.cuh"
#include "hopper/wgmma_gemm.h"

namespace selvage::cuda {
namespace {

// A thread's copies of a slice: of A one vector of each of kRowsOfThread rows, at the same place along the depth; of B
// one vector of each of kDepthsOfThread rows of the weights.
template <typename T, class Tile>
class GatherCopies {
  using StageA = typename Ring<T, Tile, true>::StageA;
  using StageB = typename Ring<T, Tile, true>::StageB;
  static constexpr int kVectorsOfRow = kDepth<T> / kVector<T>, kRowsAtOnce = Tile::kThreads / kVectorsOfRow;
  static constexpr int kRowsOfThread = Tile::kRows / kRowsAtOnce;
  static constexpr int kVectorsOfDepth = Tile::kColumns / kVector<T>, kDepthsAtOnce = Tile::kThreads / kVectorsOfDepth;
  static constexpr int kDepthsOfThread = kDepth<T> / kDepthsAtOnce;

 public:
  static constexpr int kCount = kRowsOfThread + kDepthsOfThread;

  // Of `steps` slices from slice `first` on.
  __device__ __forceinline__ GatherCopies(const GatherGrid& grid, const T* source, const T* weights, int weight_columns,
                                          int first_row, int first_column, int first, int steps)
      : g_(grid), columns_(weight_columns) {
    const int thread = static_cast<int>(threadIdx.x), depth = g_.depth() - first * kDepth<T>;
    left_ = depth < steps * kDepth<T> ? depth : steps * kDepth<T>;
    row_ = thread / kVectorsOfRow;
    vector_ = thread % kVectorsOfRow * kVector<T>;
#pragma unroll
    for (int i = 0; i < kRowsOfThread; ++i) {
      const int row = first_row + row_ + i * kRowsAtOnce, line = row / g_.rows_w;
      const bool inside = row < g_.rows();
      y_[i] = inside ? line % g_.rows_h * g_.step + g_.first_y : INT32_MIN / 2;  // no tap brings this back
      x_[i] = row % g_.rows_w * g_.step + g_.first_x;
      const int pixel = inside ? (line / g_.rows_h * g_.source_h + y_[i]) * g_.source_w + x_[i] : 0;
      source_[i] = source + static_cast<int64_t>(pixel) * g_.channels;
    }
    const int channel = first * kDepth<T> + vector_;
    tap_ = channel / g_.channels;
    channel_ = channel % g_.channels;
    find_tap();
    depth_ = thread / kVectorsOfDepth;
    column_ = thread % kVectorsOfDepth * kVector<T>;
    column_inside_ = first_column + column_ < columns_;
    weights_ = weights + static_cast<int64_t>(first * kDepth<T> + depth_) * columns_ + first_column + column_;
  }

  __device__ __forceinline__ void copy(int i, T* a, T* b) const {
    if (i < kRowsOfThread) {
      const unsigned y = y_[i] + tap_y_, x = x_[i] + tap_x_;
      const bool inside =
          (vector_ < left_) & (y < static_cast<unsigned>(g_.source_h)) & (x < static_cast<unsigned>(g_.source_w));
      copy_async<16>(a + StageA::at(row_ + i * kRowsAtOnce, vector_), source_[i] + offset_, inside);
    } else {
      const int depth = (i - kRowsOfThread) * kDepthsAtOnce;
      copy_async<16>(b + StageB::at(column_, depth_ + depth), weights_ + static_cast<int64_t>(depth) * columns_,
                     column_inside_ & (depth_ + depth < left_));
    }
  }

  __device__ __forceinline__ void advance() {
    left_ -= kDepth<T>;
    channel_ += g_.channels_of_slice;
    const bool next = channel_ >= g_.channels;
    channel_ -= next ? g_.channels : 0;
    tap_ += g_.taps_of_slice + (next ? 1 : 0);
    find_tap();
    weights_ += static_cast<int64_t>(kDepth<T>) * columns_;
  }

 private:
  __device__ __forceinline__ void find_tap() {
    const int line = g_.tap_line(tap_);
    tap_y_ = line * g_.direction;
    tap_x_ = (tap_ - line * g_.taps_x) * g_.direction;
    offset_ = static_cast<int64_t>(tap_y_ * g_.source_w + tap_x_) * g_.channels + channel_;
  }

  const GatherGrid& g_;
  const int columns_;
  int left_;  // of the depth, from the next slice on
  int row_, vector_;
  int y_[kRowsOfThread], x_[kRowsOfThread];  // where tap (0,0) of each row lies
  const T* source_[kRowsOfThread];
  int tap_, channel_, tap_y_, tap_x_;
  int64_t offset_;  // of a tap and channel from tap (0,0)
  int depth_, column_;
  bool column_inside_;
  const T* weights_;
};

// A row of warps' share of the tile, through shared memory, so that y is written in whole vectors.
template <typename Out, class Tile>
__device__ __forceinline__ void write_rows(const GatherGrid& g, const Epilogue& epilogue, const float* sums,
                                           int first_row, int first_column) {
  constexpr int kCount = kVector<Out>, kVectors = Tile::kColumns / kCount;
  for (int v = static_cast<int>(threadIdx.x); v < Tile::kWarpRows * kVectors; v += Tile::kThreads) {
    const int row = first_row + v / kVectors, column = v % kVectors * kCount;
    if (row >= g.rows() || first_column + column >= epilogue.columns) continue;
    const int64_t pixel = gridDim.y == 1 ? pixel_of(g, row) : static_cast<int64_t>(blockIdx.y) * g.rows() + row;
    float values[kCount];
#pragma unroll
    for (int i = 0; i < kCount; i += 4) {
      float four[4];
      load(four, sums + SumStage<Tile>::at(v / kVectors, column + i));
#pragma unroll
      for (int k = 0; k < 4; ++k) values[i + k] = four[k];
    }
    finish_vector<Out>(epilogue, pixel, first_column + column, values);
  }
}

template <class Math, class Tile>
__global__ void __launch_bounds__(Tile::kThreads, kResidentBlocks<Tile>)
    gather_gemm(GatherGrid g, const typename Math::Element* source, const typename Math::Element* weights,
                int weight_columns, int steps_of_part, Epilogue epilogue) {
  using T = typename Math::Element;
  if (!kHasRoom<Ring<T, Tile, true>>) return;
  DYNAMIC_SHARED(T, shared);
  const int column_tiles = (epilogue.columns + Tile::kColumns - 1) / Tile::kColumns;
  const int first_row = static_cast<int>(blockIdx.x) / column_tiles * Tile::kRows;
  const int first_column = static_cast<int>(blockIdx.x) % column_tiles * Tile::kColumns;
  const int all_steps = (g.depth() + kDepth<T> - 1) / kDepth<T>, first = static_cast<int>(blockIdx.y) * steps_of_part;
  const int steps = steps_of_part < all_steps - first ? steps_of_part : all_steps - first;
  Tile tile;
  GatherCopies<T, Tile> copies(g, source, weights, weight_columns, first_row, first_column, first, steps);
  run_pipeline<Math, Ring<T, Tile, true>>(tile, shared, steps, copies, [](const T*) {});

  static_assert(Ring<T, Tile, true>::kBytes >= SumStage<Tile>::kBytes);
  float* const sums = reinterpret_cast<float*>(shared);
  const int lane = static_cast<int>(threadIdx.x) % 32;
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
            *reinterpret_cast<float2*>(sums + SumStage<Tile>::at(row, column)) =
                make_float2(tile.sums[i][j][2 * half], tile.sums[i][j][2 * half + 1]);
          }
        }
      }
    }
    __syncthreads();
    if (epilogue.y_is_float) {
      write_rows<float, Tile>(g, epilogue, sums, first_row + part, first_column);
    } else {
      write_rows<T, Tile>(g, epilogue, sums, first_row + part, first_column);
    }
  }
}

// y from the sums of the parts, added in order. One thread a vector of y; bytes: the parts read, y written once.
template <typename Out>
__global__ void gather_gemm_splitk_reduce(GatherGrid g, const float* parts, int splits, Epilogue e) {
  constexpr int kCount = kVector<Out>;
  const int vectors = (e.columns + kCount - 1) / kCount;
  const int64_t part = static_cast<int64_t>(g.rows()) * e.columns;
  const int count = g.rows() * vectors;  // a product that is divided has fewer than wanted_blocks tiles
  for (int i = static_cast<int>(global_thread()); i < count; i += static_cast<int>(global_threads())) {
    const int row = i / vectors, column = i % vectors * kCount;
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
  constexpr int kBytes = Ring<T, Tile, true>::kBytes;
  const int blocks = tiles(epilogue.columns, Tile::kColumns) * tiles(g.rows(), Tile::kRows);
  const SplitK split(tiles(g.depth(), kDepth<T>), blocks);
  if (split.count == 1) {
    LAUNCH((gather_gemm<Math, Tile>), blocks, Tile::kThreads, kBytes, g, source, weights, weight_columns, split.steps,
           epilogue);
    return;
  }
  Workspace<float> parts(static_cast<int64_t>(split.count) * g.rows() * epilogue.columns);
  const int16_t width = epilogue.columns % kVector<float> == 0 ? kVector<float> : 1;
  const Epilogue sums{parts.data(), nullptr, nullptr, nullptr, epilogue.columns, false, true, width};
  LAUNCH((gather_gemm<Math, Tile>), dim3(blocks, split.count), Tile::kThreads, kBytes, g, source, weights,
         weight_columns, split.steps, sums);
  finish_parts<T>(g, parts.data(), split.count, epilogue);
}

}  // namespace

int wanted_blocks = 2 * 132;

template <typename T>
void finish_parts(const GatherGrid& g, const float* parts, int count, const Epilogue& epilogue) {
  const unsigned finishing = blocks_for(static_cast<int64_t>(g.rows()) * tiles(epilogue.columns, kVector<float>));
  if (epilogue.y_is_float) {
    LAUNCH(gather_gemm_splitk_reduce<float>, finishing, kThreads, 0, g, parts, count, epilogue);
  } else {
    LAUNCH(gather_gemm_splitk_reduce<T>, finishing, kThreads, 0, g, parts, count, epilogue);
  }
}
template void finish_parts<bf16>(const GatherGrid&, const float*, int, const Epilogue&);
template void finish_parts<f16>(const GatherGrid&, const float*, int, const Epilogue&);

template <class Math>
void launch_gather_gemm(GatherGrid g, const typename Math::Element* source, const typename Math::Element* weights,
                        int weight_columns, const Epilogue& epilogue) {
  if (g.rows() == 0 || epilogue.columns == 0) return;
  if constexpr (sizeof(typename Math::Element) == 2) {
    if (wgmma_takes(g, epilogue.columns)) {
      launch_gather_wgmma<Math>(g, source, weights, weight_columns, epilogue);
      return;
    }
  }
  g.set_slice(kDepth<typename Math::Element>);
  with_tile<Math, true>(g.rows(), epilogue.columns, wanted_blocks,
                        [&](auto tile) { launch<Math, decltype(tile)>(g, source, weights, weight_columns, epilogue); });
}

template void launch_gather_gemm<MathBf16>(GatherGrid, const bf16*, const bf16*, int, const Epilogue&);
template void launch_gather_gemm<MathF16>(GatherGrid, const f16*, const f16*, int, const Epilogue&);
template void launch_gather_gemm<MathTf32>(GatherGrid, const float*, const float*, int, const Epilogue&);
template void launch_gather_gemm<MathExact>(GatherGrid, const float*, const float*, int, const Epilogue&);

}  // namespace selvage::cuda

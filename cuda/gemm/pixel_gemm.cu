// The product behind weight gradients, and behind dense products with the left matrix transposed: the inner axis runs
// over pixels.
//
//   dw[tap, c, o] = sum over pixels of x[source(pixel, tap), c] dy[pixel, o]
//
// Shapes: x [n,source_h,source_w,channels], dy [n,rows_h,rows_w,columns], both padded to 16 bytes; dw [taps,in,out]
// of any type.
//
// Launch: a tile of (tap, channel) by column a block, 256x128 (as in gather_gemm.cu) or 128x128 with 256 threads, or
// 64x64 with 128 where dw is small. A second axis of the grid divides the pixels into parts, so that there are about
// two blocks for each of an H100's multiprocessors. Each part writes its own sums, and pixel_gemm_splitk_reduce adds
// them in order, which is what makes the result repeat bit for bit.
//
// Work: 2 pixels taps channels columns. Bytes: x once a column tile and tap, dy once a row tile, mostly from L2, and
// 8 bytes for each part of each element of dw.
#include <algorithm>

#include "gemm/pixel_gemm.cuh"

namespace selvage::cuda {
namespace {

template <typename T, class Tile>
struct PixelShared {
  using StageA = Stage<T, Tile::kRows, false>;
  using StageB = Stage<T, Tile::kColumns, false>;
  static constexpr int kBytes = kStages * (StageA::kElements + StageB::kElements) * static_cast<int>(sizeof(T));
};

template <class Math, class Tile>
__global__ void __launch_bounds__(Tile::kThreads, kResidentBlocks<Tile>)
    pixel_gemm(GatherGrid g, const typename Math::Element* x, const typename Math::Element* dy, int columns,
               int steps_of_part, float* parts) {
  using T = typename Math::Element;
  using StageA = typename PixelShared<T, Tile>::StageA;
  using StageB = typename PixelShared<T, Tile>::StageB;
  constexpr int kVectorsA = Tile::kRows / kVector<T>, kPixelsAtOnceA = Tile::kThreads / kVectorsA;
  constexpr int kLoadsA = kDepth<T> / kPixelsAtOnceA;
  constexpr int kVectorsB = Tile::kColumns / kVector<T>, kPixelsAtOnceB = Tile::kThreads / kVectorsB;
  constexpr int kLoadsB = kDepth<T> / kPixelsAtOnceB;
  DYNAMIC_SHARED(T, shared);
  T* stages_a = shared;
  T* stages_b = shared + kStages * StageA::kElements;
  const int thread = static_cast<int>(threadIdx.x);
  const int column_tiles = (columns + Tile::kColumns - 1) / Tile::kColumns;
  const int first_row = static_cast<int>(blockIdx.x) / column_tiles * Tile::kRows;
  const int first_column = static_cast<int>(blockIdx.x) % column_tiles * Tile::kColumns;
  const int pixels = g.rows(), first_pixel = static_cast<int>(blockIdx.y) * steps_of_part * kDepth<T>;
  const int all_steps = (pixels - first_pixel + kDepth<T> - 1) / kDepth<T>;
  const int steps = all_steps < steps_of_part ? all_steps : steps_of_part;

  // Of A, this thread copies one vector of channels of one tap, at kLoadsA pixels that it follows through the image.
  const int row_of_tile = thread % kVectorsA * kVector<T>, pixel_a = thread / kVectorsA;
  const int row = first_row + row_of_tile, tap = row / g.channels, channel = row % g.channels;
  const bool row_inside = tap < g.taps_y * g.taps_x;
  const int tap_y = g.first_y + tap / g.taps_x * g.direction, tap_x = g.first_x + tap % g.taps_x * g.direction;
  int image[kLoadsA], y[kLoadsA], x_at[kLoadsA];
#pragma unroll
  for (int i = 0; i < kLoadsA; ++i) {
    const int pixel = first_pixel + pixel_a + i * kPixelsAtOnceA;
    x_at[i] = pixel % g.rows_w;
    y[i] = pixel / g.rows_w % g.rows_h;
    image[i] = pixel / g.rows_w / g.rows_h;
  }
  const int column_of_tile = thread % kVectorsB * kVector<T>, pixel_b = thread / kVectorsB;
  const bool column_inside = first_column + column_of_tile < columns;

  const auto load = [&](int step) {
    T* a = stages_a + step % kStages * StageA::kElements;
    T* b = stages_b + step % kStages * StageB::kElements;
#pragma unroll
    for (int i = 0; i < kLoadsA; ++i) {
      const int source_y = y[i] * g.step + tap_y, source_x = x_at[i] * g.step + tap_x;
      const bool inside = row_inside && image[i] < g.n && source_y >= 0 && source_y < g.source_h && source_x >= 0 &&
                          source_x < g.source_w;
      const int64_t pixel =
          inside ? (static_cast<int64_t>(image[i]) * g.source_h + source_y) * g.source_w + source_x : 0;
      copy_async<16>(a + StageA::at(row_of_tile, pixel_a + i * kPixelsAtOnceA),
                     x + pixel * g.channels + (inside ? channel : 0), inside);
      x_at[i] += kDepth<T>;
      while (x_at[i] >= g.rows_w) {
        x_at[i] -= g.rows_w;
        if (++y[i] == g.rows_h) {
          y[i] = 0;
          ++image[i];
        }
      }
    }
#pragma unroll
    for (int i = 0; i < kLoadsB; ++i) {
      const int depth = pixel_b + i * kPixelsAtOnceB;
      const int64_t pixel = static_cast<int64_t>(first_pixel) + step * kDepth<T> + depth;
      const bool inside = column_inside && pixel < pixels;
      copy_async<16>(b + StageB::at(column_of_tile, depth),
                     inside ? dy + pixel * columns + first_column + column_of_tile : dy, inside);
    }
    commit_copies();
  };

  Tile tile;
  tile.clear();
#pragma unroll
  for (int step = 0; step < kStages - 1; ++step) {
    if (step < steps) {
      load(step);
    } else {
      commit_copies();
    }
  }
  for (int step = 0; step < steps; ++step) {
    wait_copies<kStages - 2>();
    __syncthreads();
    if (step + kStages - 1 < steps) {
      load(step + kStages - 1);
    } else {
      commit_copies();
    }
    multiply<Math, Tile, StageA, StageB>(tile, stages_a + step % kStages * StageA::kElements,
                                         stages_b + step % kStages * StageB::kElements);
  }
  wait_copies<0>();

  const int rows = g.taps_y * g.taps_x * g.channels, lane = thread % 32;
  float* part = parts + static_cast<int64_t>(blockIdx.y) * rows * columns;
#pragma unroll
  for (int i = 0; i < Tile::kPiecesDown; ++i) {
#pragma unroll
    for (int j = 0; j < Tile::kPiecesAcross; ++j) {
#pragma unroll
      for (int half = 0; half < 2; ++half) {
        const int r = first_row + warp_row<Tile>() + 16 * i + 8 * half + lane / 4;
        const int c = first_column + warp_column<Tile>() + 8 * j + lane % 4 * 2;
        if (r >= rows || c >= columns) continue;  // columns is a multiple of 4
        *reinterpret_cast<float2*>(part + static_cast<int64_t>(r) * columns + c) =
            make_float2(tile.sums[i][j][2 * half], tile.sums[i][j][2 * half + 1]);
      }
    }
  }
}

// dw[tap,c,o] = the parts' sums in order, without the padding of channels and columns.
template <typename To>
__global__ void pixel_gemm_splitk_reduce(To* dw, const float* parts, int splits, int taps, int in, int out,
                                         int channels, int columns) {
  const int64_t size = static_cast<int64_t>(taps) * in * out, part = static_cast<int64_t>(taps) * channels * columns;
  for (int64_t i = global_thread(); i < size; i += global_threads()) {
    const int64_t row = i / out, padded_row = row / in * channels + row % in;
    const float* from = parts + padded_row * columns + i % out;
    float total = 0;
    for (int s = 0; s < splits; ++s) total += from[s * part];
    dw[i] = from_float<To>(total);
  }
}

template <class Math, class Tile>
void launch(Tensor* dw, const GatherGrid& g, const typename Math::Element* x, const typename Math::Element* dy,
            int columns, int in, int out) {
  using T = typename Math::Element;
  const int rows = g.depth(), across = tiles(columns, Tile::kColumns);
  // Counted for tiles of 128 rows where they are of 256, so that the sums are the same where these have no room.
  const SplitK split(tiles(g.rows(), kDepth<T>), tiles(rows, std::min(Tile::kRows, 128)) * across);
  Workspace<float> parts(static_cast<int64_t>(split.count) * rows * columns);
  LAUNCH((pixel_gemm<Math, Tile>), dim3(tiles(rows, Tile::kRows) * across, split.count), Tile::kThreads,
         (PixelShared<T, Tile>::kBytes), g, x, dy, columns, split.steps, parts.data());
  const int taps = g.taps_y * g.taps_x;
  with_type(dw->type(), [&](auto element) {
    using To = decltype(element);
    LAUNCH(pixel_gemm_splitk_reduce<To>, blocks_for(dw->size()), kThreads, 0, dw->as<To>(), parts.data(), split.count,
           taps, in, out, g.channels, columns);
  });
}

}  // namespace

template <class Math>
void launch_pixel_gemm(Tensor* dw, const GatherGrid& g, const typename Math::Element* x,
                       const typename Math::Element* dy, int columns, int in, int out) {
  if (dw->size() == 0) return;
  if constexpr (sizeof(typename Math::Element) == 2) {
    if (g.rows() > 0 && g.depth() >= HugeTile::kRows && columns > 64 &&
        PixelShared<typename Math::Element, HugeTile>::kBytes <= most_shared()) {
      launch<Math, HugeTile>(dw, g, x, dy, columns, in, out);
      return;
    }
  }
  if (g.rows() == 0) {
    check_cuda(cudaMemsetAsync(dw->as<void>(), 0, dw->bytes(), stream()), "launch_pixel_gemm");
  } else if (g.depth() <= 64 || columns <= 64) {
    launch<Math, Tile<64, 64, 32, 32>>(dw, g, x, dy, columns, in, out);
  } else {
    launch<Math, Tile<128, 128, 64, 32>>(dw, g, x, dy, columns, in, out);
  }
}

template void launch_pixel_gemm<MathBf16>(Tensor*, const GatherGrid&, const bf16*, const bf16*, int, int, int);
template void launch_pixel_gemm<MathF16>(Tensor*, const GatherGrid&, const f16*, const f16*, int, int, int);
template void launch_pixel_gemm<MathTf32>(Tensor*, const GatherGrid&, const float*, const float*, int, int, int);
template void launch_pixel_gemm<MathExact>(Tensor*, const GatherGrid&, const float*, const float*, int, int, int);

}  // namespace selvage::cuda

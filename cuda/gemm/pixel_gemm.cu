// The product behind weight gradients, and behind dense products with the left matrix transposed: the inner axis runs
// over pixels.
//
//   dw[tap, c, o] = sum over pixels of x[source(pixel, tap), c] dy[pixel, o]
//
// and, where it is wanted, the gradient of the bias
//
//   db[o] = sum over pixels of dy[pixel, o]
//
// Shapes: x [n,source_h,source_w,channels], dy [n,rows_h,rows_w,columns], both padded to 16 bytes; dw [taps,in,out] of
// any type; db [out] floats.
//
// Launch: a tile of (tap, channel) by column a block, as in gather_gemm.cu: the largest that dw fills by more than
// half. A second axis of the grid divides the pixels into parts, so that there are about two blocks for each of an
// H100's multiprocessors. Each part writes its own sums, and pixel_gemm_splitk_reduce adds them in order, which is what
// makes the result repeat bit for bit.
//
// The blocks of the first rows of dw add up the columns of dy while they have it in shared memory: a thread two
// columns, of 2 to 8 pixels of each slice. The sums are one more row of each part.
//
// Work: 2 pixels taps channels columns. Bytes: x once a column tile and tap, dy once a row tile, mostly from L2, and 8
// bytes for each part of each element of dw.
#include <algorithm>

#include "common/vector_io.cuh"
#include "gemm/pixel_gemm.cuh"
#include "hopper/wgmma_gemm.h"
#include "ops.h"

namespace selvage::cuda {
namespace {

// A thread's copies of a slice: of A one vector of channels of one tap, at kPixelsA pixels that it follows through the
// image; of B one vector of each of kPixelsB rows of dy.
template <typename T, class Tile>
class PixelCopies {
  using StageA = typename Ring<T, Tile, false>::StageA;
  using StageB = typename Ring<T, Tile, false>::StageB;
  static constexpr int kVectorsA = Tile::kRows / kVector<T>, kAtOnceA = Tile::kThreads / kVectorsA;
  static constexpr int kVectorsB = Tile::kColumns / kVector<T>, kAtOnceB = Tile::kThreads / kVectorsB;
  static constexpr int kPixelsA = kDepth<T> / kAtOnceA, kPixelsB = kDepth<T> / kAtOnceB;

 public:
  static constexpr int kCount = kPixelsA + kPixelsB;

  // Of `pixels` pixels from `first` on.
  __device__ __forceinline__ PixelCopies(const GatherGrid& grid, const T* x, const T* dy, int columns, int first_row,
                                         int first_column, int first, int pixels)
      : g_(grid), columns_(columns), left_(pixels) {
    const int thread = static_cast<int>(threadIdx.x);
    row_ = thread % kVectorsA * kVector<T>;
    pixel_a_ = thread / kVectorsA;
    const int row = first_row + row_, tap = row / g_.channels, tap_line = g_.tap_line(tap);
    row_inside_ = tap < g_.taps_y * g_.taps_x;
    tap_y_ = g_.first_y + tap_line * g_.direction;
    tap_x_ = g_.first_x + (tap - tap_line * g_.taps_x) * g_.direction;
    x_ = x + row % g_.channels;
#pragma unroll
    for (int i = 0; i < kPixelsA; ++i) {
      const int pixel = first + pixel_a_ + i * kAtOnceA, line = pixel / g_.rows_w;
      column_of_[i] = pixel % g_.rows_w;
      line_of_[i] = line % g_.rows_h;
      image_of_[i] = line / g_.rows_h;
    }
    column_ = thread % kVectorsB * kVector<T>;
    pixel_b_ = thread / kVectorsB;
    column_inside_ = first_column + column_ < columns;
    dy_ = dy + static_cast<int64_t>(first + pixel_b_) * columns + first_column + column_;
  }

  __device__ __forceinline__ void copy(int i, T* a, T* b) const {
    if (i < kPixelsA) {
      const int y = line_of_[i] * g_.step + tap_y_, x = column_of_[i] * g_.step + tap_x_;
      const bool inside = row_inside_ & (pixel_a_ + i * kAtOnceA < left_) &
                          (static_cast<unsigned>(y) < static_cast<unsigned>(g_.source_h)) &
                          (static_cast<unsigned>(x) < static_cast<unsigned>(g_.source_w));
      const int pixel = (image_of_[i] * g_.source_h + y) * g_.source_w + x;
      copy_async<16>(a + StageA::at(row_, pixel_a_ + i * kAtOnceA), x_ + static_cast<int64_t>(pixel) * g_.channels,
                     inside);
    } else {
      const int depth = (i - kPixelsA) * kAtOnceB;
      copy_async<16>(b + StageB::at(column_, pixel_b_ + depth), dy_ + static_cast<int64_t>(depth) * columns_,
                     column_inside_ & (pixel_b_ + depth < left_));
    }
  }

  __device__ __forceinline__ void advance() {
    left_ -= kDepth<T>;
    dy_ += static_cast<int64_t>(kDepth<T>) * columns_;
#pragma unroll
    for (int i = 0; i < kPixelsA; ++i) {
      column_of_[i] += g_.columns_of_slice;
      const bool next_line = column_of_[i] >= g_.rows_w;
      column_of_[i] -= next_line ? g_.rows_w : 0;
      line_of_[i] += g_.lines_of_slice + (next_line ? 1 : 0);
      const bool next_image = line_of_[i] >= g_.rows_h;
      line_of_[i] -= next_image ? g_.rows_h : 0;
      image_of_[i] += g_.images_of_slice + (next_image ? 1 : 0);
    }
  }

 private:
  const GatherGrid& g_;
  const int columns_;
  int left_;  // pixels, from the next slice on
  int row_, pixel_a_, tap_y_, tap_x_;
  bool row_inside_;
  const T* x_;
  int column_of_[kPixelsA], line_of_[kPixelsA], image_of_[kPixelsA];
  int column_, pixel_b_;
  bool column_inside_;
  const T* dy_;
};

// Sums of the columns of dy over the slices that a block stages. A thread adds two columns of some of a slice's pixels,
// as many and the same ones in the tiles of 256 and 128 rows.
template <typename T, class Tile>
class ColumnSums {
  using StageB = typename Ring<T, Tile, false>::StageB;
  static constexpr int kPairs = Tile::kColumns / 2, kGroups = Tile::kThreads / kPairs, kPixels = kDepth<T> / kGroups;

 public:
  __device__ __forceinline__ void add(const T* b) {
    const int pair = static_cast<int>(threadIdx.x) % kPairs, group = static_cast<int>(threadIdx.x) / kPairs;
    float of_slice[2] = {};
#pragma unroll
    for (int i = 0; i < kPixels; ++i) {
      float two[2];
      load(two, b + StageB::at(2 * pair, group * kPixels + i));
      of_slice[0] += two[0];
      of_slice[1] += two[1];
    }
    sums_[0] += of_slice[0];
    sums_[1] += of_slice[1];
  }

  // to [columns] from first_column on, through the ring's memory, which nobody uses any more.
  __device__ __forceinline__ void write(float* to, float* shared, int first_column, int columns) const {
    const int thread = static_cast<int>(threadIdx.x);
    __syncthreads();
    store(shared + 2 * thread, sums_);
    __syncthreads();
    if (thread >= Tile::kColumns || first_column + thread >= columns) return;
    float total = 0;
#pragma unroll
    for (int group = 0; group < kGroups; ++group) total += shared[group * Tile::kColumns + thread];
    to[first_column + thread] = total;
  }

 private:
  float sums_[2] = {};
};

template <class Math, class Tile>
__global__ void __launch_bounds__(Tile::kThreads, kResidentBlocks<Tile>)
    pixel_gemm(GatherGrid g, const typename Math::Element* x, const typename Math::Element* dy, int columns,
               int steps_of_part, float* parts, bool with_bias) {
  using T = typename Math::Element;
  if (!kHasRoom<Ring<T, Tile, false>>) return;
  DYNAMIC_SHARED(T, shared);
  const int column_tiles = (columns + Tile::kColumns - 1) / Tile::kColumns;
  const int first_row = static_cast<int>(blockIdx.x) / column_tiles * Tile::kRows;
  const int first_column = static_cast<int>(blockIdx.x) % column_tiles * Tile::kColumns;
  const int first = static_cast<int>(blockIdx.y) * steps_of_part * kDepth<T>;
  const int pixels = steps_of_part * kDepth<T> < g.rows() - first ? steps_of_part * kDepth<T> : g.rows() - first;
  Tile tile;
  PixelCopies<T, Tile> copies(g, x, dy, columns, first_row, first_column, first, pixels);
  ColumnSums<T, Tile> bias;
  const bool adds_bias = with_bias && first_row == 0;
  run_pipeline<Math, Ring<T, Tile, false>>(tile, shared, (pixels + kDepth<T> - 1) / kDepth<T>, copies, [&](const T* b) {
    if (adds_bias) bias.add(b);
  });

  const int rows = g.depth(), lane = static_cast<int>(threadIdx.x) % 32;
  float* part = parts + static_cast<int64_t>(blockIdx.y) * (rows + (with_bias ? 1 : 0)) * columns;
  if (adds_bias) {
    bias.write(part + static_cast<int64_t>(rows) * columns, reinterpret_cast<float*>(shared), first_column, columns);
  }
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

// dw[tap,c,o] and db[o] = the parts' sums in order, without the padding of channels and columns.
template <typename To>
__global__ void pixel_gemm_splitk_reduce(To* dw, float* db, const float* parts, int splits, int taps, int in, int out,
                                         int channels, int columns) {
  const int size = taps * in * out, count = size + (db == nullptr ? 0 : out);
  const int64_t part = static_cast<int64_t>(taps * channels + (db == nullptr ? 0 : 1)) * columns;
  for (int i = static_cast<int>(global_thread()); i < count; i += static_cast<int>(global_threads())) {
    const int row = i / out, padded_row = row / in * channels + row % in;  // that of db lies behind the last tap
    const float* from = parts + static_cast<int64_t>(padded_row) * columns + i % out;
    float total = 0;
    for (int s = 0; s < splits; ++s) total += from[s * part];
    if (i < size) {
      dw[i] = from_float<To>(total);
    } else {
      db[i - size] = total;
    }
  }
}

template <class Math, class Tile>
void launch(Tensor* dw, Tensor* db, const GatherGrid& g, const typename Math::Element* x,
            const typename Math::Element* dy, int columns, int in, int out) {
  using T = typename Math::Element;
  const int rows = g.depth(), across = tiles(columns, Tile::kColumns);
  // Counted for tiles of 128 rows where they are of 256, so that the sums are the same where these have no room.
  const SplitK split(tiles(g.rows(), kDepth<T>), tiles(rows, std::min(Tile::kRows, 128)) * across);
  const bool with_bias = db != nullptr;
  Workspace<float> parts(static_cast<int64_t>(split.count) * (rows + (with_bias ? 1 : 0)) * columns);
  LAUNCH((pixel_gemm<Math, Tile>), dim3(tiles(rows, Tile::kRows) * across, split.count), Tile::kThreads,
         (Ring<T, Tile, false>::kBytes), g, x, dy, columns, split.steps, parts.data(), with_bias);
  finish_pixel_parts(dw, db, g, parts.data(), split.count, columns, in, out);
}

}  // namespace

void finish_pixel_parts(Tensor* dw, Tensor* db, const GatherGrid& g, const float* parts, int count, int columns, int in,
                        int out) {
  const int taps = g.taps_y * g.taps_x;
  with_type(dw->type(), [&](auto element) {
    using To = decltype(element);
    LAUNCH(pixel_gemm_splitk_reduce<To>, blocks_for(dw->size() + out), kThreads, 0, dw->as<To>(),
           db == nullptr ? nullptr : db->data(), parts, count, taps, in, out, g.channels, columns);
  });
}

template <class Math>
void launch_pixel_gemm(Tensor* dw, Tensor* db, GatherGrid g, const typename Math::Element* x,
                       const typename Math::Element* dy, int columns, int in, int out) {
  if (dw->size() == 0) return;
  if (g.rows() == 0) {
    cuda::fill(dw, 0);
    if (db != nullptr) cuda::fill(db, 0);
    return;
  }
  if (dw->size() + out > INT32_MAX)
    throw Error(ErrorKind::unsupported, "weights of 2^31 values are too many for the GPU");
  if constexpr (sizeof(typename Math::Element) == 2) {
    if (wgmma_takes(g, columns)) {
      launch_pixel_wgmma<Math>(dw, db, g, x, dy, columns, in, out);
      return;
    }
  }
  g.set_slice(kDepth<typename Math::Element>);
  with_tile<Math, false>(g.depth(), columns, 1,
                         [&](auto tile) { launch<Math, decltype(tile)>(dw, db, g, x, dy, columns, in, out); });
}

template void launch_pixel_gemm<MathBf16>(Tensor*, Tensor*, GatherGrid, const bf16*, const bf16*, int, int, int);
template void launch_pixel_gemm<MathF16>(Tensor*, Tensor*, GatherGrid, const f16*, const f16*, int, int, int);
template void launch_pixel_gemm<MathTf32>(Tensor*, Tensor*, GatherGrid, const float*, const float*, int, int, int);
template void launch_pixel_gemm<MathExact>(Tensor*, Tensor*, GatherGrid, const float*, const float*, int, int, int);

}  // namespace selvage::cuda

// gather_gemm.cu's product, forward passes and data gradients, by warpgroups: ring.cuh says how.
//
// A's rows come by TMA's im2col mode: 128 pixels, one after the other, at one tap, 64 channels of each. What lies
// outside the source, and channels and columns beyond the last, arrive as zeros.
//
// Launch: a block of 384 threads for each multiprocessor, or fewer where there are fewer tiles; 161 or 225 KB of shared
// memory. Tiles that run at the same time share rows of A in L2. Where there are too few tiles, the depth is divided as
// in gather_gemm.cu.
//
// Work: 2 rows columns K, with K's channels padded to 64. Bytes: A once a column tile, B once a row tile, y and
// residual once, and 8 bytes for each part of each element of y.
#include "gemm/finish.cuh"
#include "hopper/ring.cuh"
#include "hopper/tap_window.cuh"
#include "hopper/tensor_maps.h"
#include "hopper/wgmma_gemm.h"

namespace selvage::cuda {
namespace {

template <class Tile>
class GatherLoads {
 public:
  __device__ __forceinline__ GatherLoads(const CUtensorMap& source, const CUtensorMap& weights, const GatherGrid& grid)
      : source_(source), weights_(weights), g_(grid), slices_((grid.channels + kWide - 1) / kWide) {}

  __device__ __forceinline__ void begin(const WgmmaItem& item) {
    const TapWindow window(g_);
    const int row = item.row * Tile::kRows, line = row / g_.rows_w;
    x_ = window.low_x + row % g_.rows_w * g_.step;
    y_ = window.low_y + line % g_.rows_h * g_.step;
    image_ = line / g_.rows_h;
    column_ = item.column * Tile::kColumns;
  }

  __device__ __forceinline__ void copy(uint32_t to, uint32_t barrier, int step) const {
    const int tap = step / slices_, channel = step % slices_ * kWide, line = tap / g_.taps_x;
    copy_pixels(to, source_, channel, x_, y_, image_, TapWindow::offset(g_, tap - line * g_.taps_x, g_.taps_x),
                TapWindow::offset(g_, line, g_.taps_y), barrier);
#pragma unroll
    for (int box = 0; box < Tile::kBoxesB; ++box) {
      copy_box(to + (Tile::kBoxesA + box) * kBoxBytes, weights_, column_ + box * kWide, channel, tap, barrier);
    }
  }

 private:
  const CUtensorMap &source_, &weights_;
  const GatherGrid& g_;
  int slices_;  // of a tap
  int x_ = 0, y_ = 0, image_ = 0, column_ = 0;
};

// The sums of a warp, 16 rows, become whole vectors of y through shared memory, 64 columns at a time. Pieces of four
// columns change places by the row's number: then what eight lanes write or read at once lies in different banks.
constexpr int kStagedColumns = 64, kStagedBytes = 16 * kStagedColumns * 4;
__device__ __forceinline__ int staged_place(int row, int column) {
  return row * kStagedColumns + ((column / 4) ^ (row % 8 * 2)) * 4 + column % 4;
}

template <typename T, class Tile>
class GatherResults {
 public:
  __device__ __forceinline__ GatherResults(const GatherGrid& grid, const WgmmaWork& work, const Epilogue& epilogue,
                                           float* staged)
      : g_(grid), parts_(work.parts), epilogue_(epilogue), staged_(staged + threadIdx.x / 32 * 16 * kStagedColumns) {}

  __device__ __forceinline__ void read(const WgmmaItem&, uint32_t) {}

  __device__ __forceinline__ void finish(const WgmmaItem& item, const float (&sums)[Tile::kSums]) const {
    const int thread = static_cast<int>(threadIdx.x), lane = thread % 32;
    const int first_row = item.row * Tile::kRows + thread / 32 * 16;
#pragma unroll
    for (int part = 0; part < Tile::kColumns / kStagedColumns; ++part) {
      const int first_column = item.column * Tile::kColumns + part * kStagedColumns;
      if (first_row >= g_.rows() || first_column >= epilogue_.columns) continue;  // for the whole warp
#pragma unroll
      for (int piece = 0; piece < kStagedColumns / 8; ++piece) {
#pragma unroll
        for (int half = 0; half < 2; ++half) {
          const int at = part * kStagedColumns / 2 + 4 * piece + 2 * half;
          const float two[2] = {sums[at], sums[at + 1]};
          store(staged_ + staged_place(8 * half + lane / 4, 8 * piece + lane % 4 * 2), two);
        }
      }
      __syncwarp();
      if (epilogue_.y_is_float) {
        write_rows<float>(item, first_row, first_column);
      } else {
        write_rows<T>(item, first_row, first_column);
      }
      __syncwarp();
    }
  }

 private:
  template <typename Out>
  __device__ __forceinline__ void write_rows(const WgmmaItem& item, int first_row, int first_column) const {
    constexpr int kCount = kVector<Out>, kVectors = kStagedColumns / kCount;
#pragma unroll 1
    for (int v = static_cast<int>(threadIdx.x) % 32; v < 16 * kVectors; v += 32) {
      const int row = first_row + v / kVectors, column = v % kVectors * kCount;
      if (row >= g_.rows() || first_column + column >= epilogue_.columns) continue;
      const int64_t pixel = parts_ == 1 ? pixel_of(g_, row) : static_cast<int64_t>(item.part) * g_.rows() + row;
      float values[kCount];
#pragma unroll
      for (int i = 0; i < kCount; i += 4) {
        float four[4];
        load(four, staged_ + staged_place(v / kVectors, column + i));
#pragma unroll
        for (int k = 0; k < 4; ++k) values[i + k] = four[k];
      }
      finish_vector<Out>(epilogue_, pixel, first_column + column, values);
    }
  }

  const GatherGrid& g_;
  const int parts_;
  const Epilogue& epilogue_;
  float* const staged_;
};

template <class Math, class Tile>
__global__ void __launch_bounds__(kWgmmaThreads, 1)
    gather_wgmma(const __grid_constant__ CUtensorMap source, const __grid_constant__ CUtensorMap weights, GatherGrid g,
                 WgmmaWork work, Epilogue epilogue) {
  DYNAMIC_SHARED(unsigned char, shared);
  GatherLoads<Tile> loads(source, weights, g);
  GatherResults<typename Math::Element, Tile> results(g, work, epilogue, reinterpret_cast<float*>(shared));
  run_warpgroups<Math, Tile, false>(shared + 4 * kMultiplying * kStagedBytes, work, loads, results);
}

template <class Math, class Tile>
void launch(const GatherGrid& g, const typename Math::Element* source, const typename Math::Element* weights,
            int weight_columns, const Epilogue& epilogue) {
  using T = typename Math::Element;
  constexpr int kBytes = 4 * kMultiplying * kStagedBytes + Tile::kBytes;
  static_assert(kBytes <= 227 << 10);
  const int taps = g.taps_y * g.taps_x;
  const WgmmaWork work = divide_work(tiles(g.rows(), Tile::kRows), tiles(epilogue.columns, Tile::kColumns),
                                     taps * tiles(g.channels, kWide));
  const CUtensorMap pixels = pixels_map(source, g, Tile::kRows);
  const CUtensorMap rows = rows_map(weights, taps, g.channels, weight_columns);
  if (work.parts == 1) {
    LAUNCH((gather_wgmma<Math, Tile>), blocks_of(work), kWgmmaThreads, kBytes, pixels, rows, g, work, epilogue);
    return;
  }
  Workspace<float> parts(static_cast<int64_t>(work.parts) * g.rows() * epilogue.columns);
  const int16_t width = epilogue.columns % kVector<float> == 0 ? kVector<float> : 1;
  const Epilogue sums{parts.data(), nullptr, nullptr, nullptr, epilogue.columns, false, true, width};
  LAUNCH((gather_wgmma<Math, Tile>), blocks_of(work), kWgmmaThreads, kBytes, pixels, rows, g, work, sums);
  finish_parts<T>(g, parts.data(), work.parts, epilogue);
}

}  // namespace

template <class Math>
void launch_gather_wgmma(const GatherGrid& g, const typename Math::Element* source,
                         const typename Math::Element* weights, int weight_columns, const Epilogue& epilogue) {
  with_wgmma_tile(g.rows(), epilogue.columns,
                  [&](auto tile) { launch<Math, decltype(tile)>(g, source, weights, weight_columns, epilogue); });
}

template void launch_gather_wgmma<MathBf16>(const GatherGrid&, const bf16*, const bf16*, int, const Epilogue&);
template void launch_gather_wgmma<MathF16>(const GatherGrid&, const f16*, const f16*, int, const Epilogue&);

}  // namespace selvage::cuda

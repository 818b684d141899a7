// pixel_gemm.cu's product, the gradient of the weights, by warpgroups: ring.cuh says how. The depth runs over pixels,
// so both operands lie with their channels as the inner axis.
//
// Rows of the tile are channels of a tap: each multiplying warpgroup has 64 channels of one, which come as 64 pixels by
// TMA's im2col mode. Pixels, channels and columns beyond the last arrive as zeros.
//
// Launch: as in gather_wgmma.cu; the depth is divided where there are too few tiles, and pixel_gemm_splitk_reduce adds
// the parts in order.
//
// Work: 2 pixels taps channels columns, with channels padded to 64. Bytes: x once a column tile and tap, dy once a row
// tile, and 8 bytes for each part of each element of dw.
#include "common/vector_io.cuh"
#include "gemm/pixel_gemm.cuh"
#include "hopper/ring.cuh"
#include "hopper/tap_window.cuh"
#include "hopper/tensor_maps.h"
#include "hopper/wgmma_gemm.h"

namespace selvage::cuda {
namespace {

// 64 channels of a tap.
struct TapChannels {
  int tap, channel;
  __device__ __forceinline__ TapChannels(const GatherGrid& g, int block) {
    const int slices = (g.channels + kWide - 1) / kWide;
    tap = block / slices;
    channel = block % slices * kWide;
  }
};

template <class Tile>
class PixelLoads {
 public:
  __device__ __forceinline__ PixelLoads(const CUtensorMap& x, const CUtensorMap& dy, const GatherGrid& grid)
      : x_(x), dy_(dy), g_(grid) {}

  __device__ __forceinline__ void begin(const WgmmaItem& item) {
    column_ = item.column * Tile::kColumns;
#pragma unroll
    for (int box = 0; box < Tile::kBoxesA; ++box) {
      const TapChannels place(g_, item.row * Tile::kBoxesA + box);
      const bool inside = place.tap < g_.taps_y * g_.taps_x;
      const int tap = inside ? place.tap : 0, line = tap / g_.taps_x;
      channel_[box] = inside ? place.channel : (g_.channels + kWide - 1) / kWide * kWide;  // beyond the last: zeros
      right_[box] = TapWindow::offset(g_, tap - line * g_.taps_x, g_.taps_x);
      down_[box] = TapWindow::offset(g_, line, g_.taps_y);
    }
  }

  __device__ __forceinline__ void copy(uint32_t to, uint32_t barrier, int step) const {
    const TapWindow window(g_);
    const int pixel = step * kWide, line = pixel / g_.rows_w;
    const int x = window.low_x + pixel % g_.rows_w * g_.step, y = window.low_y + line % g_.rows_h * g_.step;
#pragma unroll
    for (int box = 0; box < Tile::kBoxesA; ++box) {
      copy_pixels(to + box * kBoxBytes, x_, channel_[box], x, y, line / g_.rows_h, right_[box], down_[box], barrier);
    }
#pragma unroll
    for (int box = 0; box < Tile::kBoxesB; ++box) {
      copy_box(to + (Tile::kBoxesA + box) * kBoxBytes, dy_, column_ + box * kWide, pixel, 0, barrier);
    }
  }

 private:
  const CUtensorMap &x_, &dy_;
  const GatherGrid& g_;
  int column_ = 0, channel_[Tile::kBoxesA], right_[Tile::kBoxesA], down_[Tile::kBoxesA];
};

// The sums of a tile go to its part. The blocks of the first rows add up the columns of dy while they have them in
// shared memory, a thread one column.
template <typename T, class Tile>
class PixelResults {
 public:
  __device__ __forceinline__ PixelResults(const GatherGrid& grid, float* parts, int columns, bool with_bias,
                                          const unsigned char* shared)
      : g_(grid), parts_(parts), columns_(columns), with_bias_(with_bias), shared_(shared) {}

  __device__ __forceinline__ void read(const WgmmaItem& item, uint32_t b) {
    const int column = static_cast<int>(threadIdx.x);
    if (!with_bias_ || item.row > 0 || column >= Tile::kColumns) return;
    const T* const box =
        reinterpret_cast<const T*>(shared_ + (b - shared_address(shared_)) + column / kWide * kBoxBytes);
    float of_slice = 0;
#pragma unroll 8
    for (int pixel = 0; pixel < kWide; ++pixel) {
      const int piece = (column % kWide / 8) ^ (pixel % 8);  // where the swizzle puts it
      of_slice += to_float(box[pixel * kWide + piece * 8 + column % 8]);
    }
    bias_ += of_slice;
  }

  __device__ __forceinline__ void finish(const WgmmaItem& item, const float (&sums)[Tile::kSums]) {
    const int thread = static_cast<int>(threadIdx.x), lane = thread % 32, first_column = item.column * Tile::kColumns;
    float* const part = parts_ + static_cast<int64_t>(item.part) * (g_.depth() + (with_bias_ ? 1 : 0)) * columns_;
    if (with_bias_ && item.row == 0 && thread < Tile::kColumns && first_column + thread < columns_)
      part[static_cast<int64_t>(g_.depth()) * columns_ + first_column + thread] = bias_;
    bias_ = 0;
    const TapChannels place(g_, item.row * Tile::kBoxesA + thread / 128);
    if (place.tap >= g_.taps_y * g_.taps_x) return;
#pragma unroll
    for (int half = 0; half < 2; ++half) {
      const int channel = place.channel + thread % 128 / 32 * 16 + 8 * half + lane / 4;
      if (channel >= g_.channels) continue;
      float* const row = part + static_cast<int64_t>(place.tap * g_.channels + channel) * columns_;
#pragma unroll
      for (int piece = 0; piece < Tile::kColumns / 8; ++piece) {
        const int column = first_column + 8 * piece + lane % 4 * 2;
        const float two[2] = {sums[4 * piece + 2 * half], sums[4 * piece + 2 * half + 1]};
        if (column < columns_) store(row + column, two);  // columns is a multiple of 8
      }
    }
  }

 private:
  const GatherGrid& g_;
  float* const parts_;
  const int columns_;
  const bool with_bias_;
  const unsigned char* const shared_;
  float bias_ = 0;
};

template <class Math, class Tile>
__global__ void __launch_bounds__(kWgmmaThreads, 1)
    pixel_wgmma(const __grid_constant__ CUtensorMap x, const __grid_constant__ CUtensorMap dy, GatherGrid g,
                WgmmaWork work, float* parts, int columns, bool with_bias) {
  DYNAMIC_SHARED(unsigned char, shared);
  PixelLoads<Tile> loads(x, dy, g);
  PixelResults<typename Math::Element, Tile> results(g, parts, columns, with_bias, shared);
  run_warpgroups<Math, Tile, true>(shared, work, loads, results);
}

template <class Math, class Tile>
void launch(Tensor* dw, Tensor* db, const GatherGrid& g, const typename Math::Element* x,
            const typename Math::Element* dy, int columns, int in, int out) {
  const int blocks = g.taps_y * g.taps_x * tiles(g.channels, kWide);
  const WgmmaWork work =
      divide_work(tiles(blocks, Tile::kBoxesA), tiles(columns, Tile::kColumns), tiles(g.rows(), kWide));
  const bool with_bias = db != nullptr;
  Workspace<float> parts(static_cast<int64_t>(work.parts) * (g.depth() + (with_bias ? 1 : 0)) * columns);
  LAUNCH((pixel_wgmma<Math, Tile>), blocks_of(work), kWgmmaThreads, Tile::kBytes, pixels_map(x, g, kWide),
         rows_map(dy, 1, g.rows(), columns), g, work, parts.data(), columns, with_bias);
  finish_pixel_parts(dw, db, g, parts.data(), work.parts, columns, in, out);
}

}  // namespace

template <class Math>
void launch_pixel_wgmma(Tensor* dw, Tensor* db, const GatherGrid& g, const typename Math::Element* x,
                        const typename Math::Element* dy, int columns, int in, int out) {
  with_wgmma_tile(g.depth(), columns,
                  [&](auto tile) { launch<Math, decltype(tile)>(dw, db, g, x, dy, columns, in, out); });
}

template void launch_pixel_wgmma<MathBf16>(Tensor*, Tensor*, const GatherGrid&, const bf16*, const bf16*, int, int,
                                           int);
template void launch_pixel_wgmma<MathF16>(Tensor*, Tensor*, const GatherGrid&, const f16*, const f16*, int, int, int);

}  // namespace selvage::cuda

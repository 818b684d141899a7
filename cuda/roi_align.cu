// PyramidROIAlign: crop_and_resize (He et al. 2017, section 3, one bilinear sample a cell) from the level that fits the
// region's size (Lin et al. 2017, equation 1), all levels in one launch.
//
// y, dy [R,S,S,C]; p2..p5, dp2..dp5 [N,Hl,Wl,C]; boxes [R,4] floats; image_indices [R], below 0 for a region of zeros;
// maps of any element type.
//
// roi_align_kernel: a block of 256 for one row of cells of one region, grid R S. One thread finds the level, one a
// column where it samples, in double and into shared memory; then each thread takes 16 bytes of neighbouring channels
// of a cell, where C and the addresses allow: 7 cells of 256 channels are 448 such accesses. Bytes: y once; of the maps
// at most four vectors a cell, mostly from the second-level cache, since neighbouring cells share them. 8 operations an
// element.
//
// The gradient adds into dp2..dp5, and regions overlap. Instead of float atomics, whose order is chance, each block
// owns a tile of 8x8 pixels and 128 channels (32 where C is no multiple of 4) of one level and image, and walks the
// regions in order: 256 threads look at 256 regions at a time and keep, in order, those that touch the tile; then warp
// w adds what falls on the tile's row w, a lane's four channels at a time, in shared memory (32 KB) that only this lane
// touches. Cells off the row are skipped by ballot. In the end the tile is added to the map, if any region touched it:
// each touched pixel is read and written once, and each gradient is read by at most four warps. A pass of one thread a
// region finds the levels and spans before. Grid (tiles of all levels, images, groups of channels). Bytes: touched
// tiles twice, dy up to four times from the second-level cache; 8 operations an element of dy. The order of additions
// is that of the regions, then of their cells: deterministic, and the CPU's.
#include "common/bilinear.cuh"
#include "common/block_place.cuh"
#include "common/vector_io.cuh"
#include "ops.h"

namespace selvage::cuda {
namespace {

constexpr int kTile = 8;  // pixels a side, and warps of a block

template <typename T>
struct Map {
  T* data;
  int h, w;
};

template <typename T>
struct Levels {
  Map<T> p2, p3, p4, p5;
  // By comparison: an indexed array of parameters would live in local memory.
  __device__ Map<T> at(int level) const { return level < 2 ? (level == 0 ? p2 : p3) : (level == 2 ? p4 : p5); }
};

template <typename T, typename AnyTensor>
Map<T> map_of(AnyTensor* p) {
  return {p->template as<std::remove_const_t<T>>(), static_cast<int>(p->dim(1)), static_cast<int>(p->dim(2))};
}

// 0..3 for P2..P5
__device__ __forceinline__ int level_of(const float* box, double image_area) {
  const double area = (static_cast<double>(box[2]) - box[0]) * (static_cast<double>(box[3]) - box[1]);
  const double k = rint(log2(sqrt(area) / (224.0 / sqrt(image_area))));  // half to even
  if (is_nan(k)) return 2;                                               // a negative area: as the reference, level 4
  return static_cast<int>(k < -2 ? -2 : (k > 1 ? 1 : k)) + 2;
}

template <typename T, int kWidth>
__global__ void roi_align_kernel(T* y, Levels<const T> levels, const float* boxes, const float* image_indices, int side,
                                 int channels, double image_area) {
  SHARED(int, level);
  SHARED(Sample, row);
  DYNAMIC_SHARED(Sample, columns);
  const int64_t region = blockIdx.x / side;
  const int line = static_cast<int>(blockIdx.x % side);
  const float* box = boxes + 4 * region;
  if (threadIdx.x == 0) level = level_of(box, image_area);
  __syncthreads();
  const Map<const T> map = levels.at(level);
  if (threadIdx.x == 0) row = sample(box[0], box[2], map.h, line, side);
  for (int i = threadIdx.x; i < side; i += blockDim.x) columns[i] = sample(box[1], box[3], map.w, i, side);
  __syncthreads();
  const int packs = channels / kWidth;
  const int64_t image_index = static_cast<int64_t>(image_indices[region]);
  const T* image = map.data + image_index * map.h * map.w * channels;
  T* to = y + static_cast<int64_t>(blockIdx.x) * side * channels;
  for (int i = threadIdx.x; i < side * packs; i += blockDim.x) {
    const int cell = i / packs, at = i % packs * kWidth;
    const Sample column = columns[cell];
    float value[kWidth] = {};
    if (row.inside && column.inside && image_index >= 0) {
      const T* upper = image + static_cast<int64_t>(row.low) * map.w * channels + at;
      const T* lower = image + static_cast<int64_t>(row.high) * map.w * channels + at;
      float a[kWidth], b[kWidth], c[kWidth], d[kWidth];
      load(a, upper + static_cast<int64_t>(column.low) * channels);
      load(b, upper + static_cast<int64_t>(column.high) * channels);
      load(c, lower + static_cast<int64_t>(column.low) * channels);
      load(d, lower + static_cast<int64_t>(column.high) * channels);
      const float down = row.share, right = column.share;
#pragma unroll
      for (int k = 0; k < kWidth; ++k) {
        const float top = a[k] * (1 - right) + b[k] * right, bottom = c[k] * (1 - right) + d[k] * right;
        value[k] = top * (1 - down) + bottom * down;
      }
    }
    store(to + static_cast<int64_t>(cell) * channels + at, value);
  }
}

// The pixels that a region's samples touch; none where a first is beyond its last.
struct Span {
  int level, image, first_y, last_y, first_x, last_x;
};

__device__ __forceinline__ void span_of(double from, double to, int size, int side, int& first, int& last) {
  first = size;
  last = -1;
  for (int i = 0; i < side; ++i) {
    const Sample s = sample(from, to, size, i, side);
    if (!s.inside) continue;
    first = s.low < first ? s.low : first;
    last = s.high > last ? s.high : last;
  }
}

template <typename T>
__global__ void roi_align_grad_spans(Span* spans, Levels<T> levels, const float* boxes, const float* image_indices,
                                     int64_t regions, int side, double image_area) {
  for (int64_t r = global_thread(); r < regions; r += global_threads()) {
    const float* box = boxes + 4 * r;
    Span s;
    s.level = level_of(box, image_area);
    s.image = static_cast<int>(image_indices[r]);
    const Map<T> map = levels.at(s.level);
    span_of(box[0], box[2], map.h, side, s.first_y, s.last_y);
    span_of(box[1], box[3], map.w, side, s.first_x, s.last_x);
    spans[r] = s;
  }
}

__host__ __device__ __forceinline__ int tiles_along(int size) { return (size + kTile - 1) / kTile; }
template <typename T>
__host__ __device__ __forceinline__ int tiles_of(const Map<T>& map) {
  return tiles_along(map.h) * tiles_along(map.w);
}

// Adds region's gradients that fall on pixels (y, first_x..first_x+7) into this lane's channels of `row`
// [8 pixels, 32 lanes, kWidth].
template <typename T, int kWidth>
__device__ __forceinline__ void add_region(float* row, const T* dy, const float* box, const Map<T>& map, int y,
                                           int first_x, int side, int channels, bool has_channels) {
  const int lane = threadIdx.x % 32;
  for (int cy = 0; cy < side; cy += 32) {
    const Sample mine = sample(box[0], box[2], map.h, cy + lane, side);
    const float weight = (mine.low == y ? 1 - mine.share : 0.0f) + (mine.high == y ? mine.share : 0.0f);
    unsigned lines =
        __ballot_sync(kAllLanes, cy + lane < side && mine.inside != 0 && (mine.low == y || mine.high == y));
    for (; lines != 0; lines &= lines - 1) {
      const int line = __ffs(static_cast<int>(lines)) - 1;
      const float down = __shfl_sync(kAllLanes, weight, line);
      for (int cx = 0; cx < side; cx += 32) {
        const Sample column = sample(box[1], box[3], map.w, cx + lane, side);
        const int low = column.low - first_x, high = column.high - first_x;
        const bool touches = (low >= 0 && low < kTile) || (high >= 0 && high < kTile);
        unsigned cells = __ballot_sync(kAllLanes, cx + lane < side && column.inside != 0 && touches);
        for (; cells != 0; cells &= cells - 1) {
          const int cell = __ffs(static_cast<int>(cells)) - 1;
          const int left = __shfl_sync(kAllLanes, low, cell), right = __shfl_sync(kAllLanes, high, cell);
          const float share = __shfl_sync(kAllLanes, column.share, cell);
          if (!has_channels) continue;
          float g[kWidth];
          load(g, dy + (static_cast<int64_t>(cy + line) * side + cx + cell) * channels);
          if (left >= 0 && left < kTile) {
#pragma unroll
            for (int k = 0; k < kWidth; ++k) row[left * 32 * kWidth + k] += g[k] * down * (1 - share);
          }
          if (right >= 0 && right < kTile) {
#pragma unroll
            for (int k = 0; k < kWidth; ++k) row[right * 32 * kWidth + k] += g[k] * down * share;
          }
        }
      }
    }
  }
}

template <typename T, int kWidth>
__global__ void __launch_bounds__(32 * kTile, 4)
    roi_align_grad_kernel(Levels<T> levels, const T* dy, const float* boxes, const Span* spans, int64_t regions,
                          int side, int channels) {
  SHARED(float[kTile * kTile * 32 * kWidth], sums);
  SHARED(int[32 * kTile], touching);
  SHARED(int[kTile], of_warp);
  int tile = static_cast<int>(blockIdx.x), level = 0;
  while (tile >= tiles_of(levels.at(level))) tile -= tiles_of(levels.at(level++));
  const Map<T> map = levels.at(level);
  const int first_y = tile / tiles_along(map.w) * kTile, first_x = tile % tiles_along(map.w) * kTile;
  const int lane = threadIdx.x % 32, y = first_y + static_cast<int>(threadIdx.x) / 32;
  const int channel = (static_cast<int>(blockIdx.z) * 32 + lane) * kWidth;
  float* row = sums + (threadIdx.x / 32 * kTile * 32 + lane) * kWidth;
  for (int x = 0; x < kTile; ++x) {
#pragma unroll
    for (int k = 0; k < kWidth; ++k) row[x * 32 * kWidth + k] = 0;
  }
  bool touched = false;
  for (int64_t first = 0; first < regions; first += 32 * kTile) {
    const int64_t candidate = first + threadIdx.x;
    bool touches = false;
    if (candidate < regions) {
      const Span s = spans[candidate];
      touches = s.level == level && s.image == static_cast<int>(blockIdx.y) && s.first_y < first_y + kTile &&
                s.last_y >= first_y && s.first_x < first_x + kTile && s.last_x >= first_x;
    }
    int count;  // its barriers also let the touching ones of before be read to the end
    const int place = place_in_block(touches, of_warp, count);
    if (touches) touching[place] = static_cast<int>(threadIdx.x);
    __syncthreads();
    for (int i = 0; i < count; ++i) {
      const int64_t region = first + touching[i];
      add_region<T, kWidth>(row, dy + region * side * side * channels + channel, boxes + 4 * region, map, y, first_x,
                            side, channels, channel < channels);
    }
    touched = touched || count > 0;
  }
  if (!touched || y >= map.h || channel >= channels) return;
  T* to = map.data + ((static_cast<int64_t>(blockIdx.y) * map.h + y) * map.w + first_x) * channels + channel;
  for (int x = 0; x < kTile && first_x + x < map.w; ++x, to += channels) {
    float value[kWidth];
    load(value, static_cast<const T*>(to));
#pragma unroll
    for (int k = 0; k < kWidth; ++k) value[k] += row[x * 32 * kWidth + k];
    store(to, value);
  }
}

}  // namespace

void roi_align(Tensor* y, const Tensor* p2, const Tensor* p3, const Tensor* p4, const Tensor* p5, const Tensor* boxes,
               const Tensor* image_indices, float image_height, float image_width) {
  if (y->size() == 0) return;
  const int side = static_cast<int>(y->dim(1)), channels = static_cast<int>(y->dim(3));
  const double image_area = static_cast<double>(image_height) * image_width;
  with_type(common_type("roi_align", {y, p2, p3, p4, p5}), [&](auto element) {
    using T = decltype(element);
    using M = const T;
    const Levels<M> levels = {map_of<M>(p2), map_of<M>(p3), map_of<M>(p4), map_of<M>(p5)};
    with_width<T>(channels, {y->as<T>(), levels.p2.data, levels.p3.data, levels.p4.data, levels.p5.data},
                  [&](auto width) {
                    constexpr int kWidth = decltype(width)::value;
                    LAUNCH((roi_align_kernel<T, kWidth>), static_cast<unsigned>(y->dim(0) * side), kThreads,
                           side * static_cast<int64_t>(sizeof(Sample)), y->as<T>(), levels, boxes->data(),
                           image_indices->data(), side, channels, image_area);
                  });
  });
}

void roi_align_grad(Tensor* dp2, Tensor* dp3, Tensor* dp4, Tensor* dp5, const Tensor* dy, const Tensor* boxes,
                    const Tensor* image_indices, float image_height, float image_width) {
  if (dy->size() == 0) return;
  const int64_t rois = dy->dim(0);
  Workspace<Span> spans(rois);
  const int side = static_cast<int>(dy->dim(1)), channels = static_cast<int>(dy->dim(3));
  const double image_area = static_cast<double>(image_height) * image_width;
  with_type(common_type("roi_align_grad", {dp2, dp3, dp4, dp5, dy}), [&](auto element) {
    using T = decltype(element);
    const Levels<T> levels = {map_of<T>(dp2), map_of<T>(dp3), map_of<T>(dp4), map_of<T>(dp5)};
    const int tiles = tiles_of(levels.p2) + tiles_of(levels.p3) + tiles_of(levels.p4) + tiles_of(levels.p5);
    LAUNCH(roi_align_grad_spans<T>, blocks_for(rois), kThreads, 0, spans.data(), levels, boxes->data(),
           image_indices->data(), rois, side, image_area);
    with_width<T, 4>(
        channels, {levels.p2.data, levels.p3.data, levels.p4.data, levels.p5.data, dy->as<T>()}, [&](auto width) {
          constexpr int kWidth = decltype(width)::value;
          const dim3 grid(tiles, static_cast<unsigned>(dp2->dim(0)), (channels + 32 * kWidth - 1) / (32 * kWidth));
          LAUNCH((roi_align_grad_kernel<T, kWidth>), grid, 32 * kTile, 0, levels, dy->as<T>(), boxes->data(),
                 spans.data(), rois, side, channels);
        });
  });
}

}  // namespace selvage::cuda

// The 3x3 patches around single cells of a map: what the sparse backward pass of the RPN touches. x, dx [N,H,W,C],
// y, dy [count, 9 C], any of the element types; positions [count] from the host, -1
// for none.
//
// gather_patches_kernel: grid (along a patch, patches), 16 bytes a thread where C and the addresses allow. Bytes: y
// twice. scatter_add_patches_kernel: patches overlap. A warp for each tap of each patch and 128 channels (32 where C is
// no multiple of 4) looks through the list of positions for patches that reach its pixel: the first owns it and adds
// the others in order (ordered_scatter.cuh). 256 positions in each of 8 images are 2,048 x 9 warps with 64 steps each,
// some 20 us; nothing of the map is touched but those pixels. Bytes: dy once, touched pixels twice. Deterministic: no
// atomics, the CPU's order.
#include "common/ordered_scatter.cuh"
#include "common/row_loop.cuh"
#include "common/vector_io.cuh"
#include "ops.h"

namespace selvage::cuda {
namespace {

// The pixel that tap 0..8 of a patch falls on, as a flat position, or -1 outside the map.
__device__ __forceinline__ int64_t pixel_of(int32_t position, int tap, int h, int w) {
  const int x = position % w + tap % 3 - 1, line = position / w, y = line % h + tap / 3 - 1;
  if (x < 0 || x >= w || y < 0 || y >= h) return -1;
  return static_cast<int64_t>(line + tap / 3 - 1) * w + x;
}

template <typename T, int kWidth>
__global__ void gather_patches_kernel(T* y, const T* x, const int32_t* positions, int64_t count, int h, int w,
                                      int channels) {
  for_rows(count, 9 * channels / kWidth, [&](int64_t line, int i) {
    if (positions[line] < 0) return;
    const int tap = i * kWidth / channels, channel = i * kWidth % channels;
    const int64_t pixel = pixel_of(positions[line], tap, h, w);
    float value[kWidth] = {};
    if (pixel >= 0) load(value, x + pixel * channels + channel);
    store(y + line * 9 * channels + i * kWidth, value);
  });
}

template <typename T, int kWidth>
__global__ void scatter_add_patches_kernel(T* dx, const T* dy, const int32_t* positions, int64_t count, int h, int w,
                                           int channels) {
  const int64_t warp = global_thread() / 32, mine = warp / 9;
  if (mine >= count || positions[mine] < 0) return;  // a whole warp
  const int64_t pixel = pixel_of(positions[mine], static_cast<int>(warp % 9), h, w);
  if (pixel < 0) return;
  const int channel = (static_cast<int>(blockIdx.y) * 32 + static_cast<int>(threadIdx.x) % 32) * kWidth;
  const int x = static_cast<int>(pixel % w), line = static_cast<int>(pixel / w), image = line / h;
  // Patch j reaches the pixel with one tap at most.
  const auto tap_of = [=](int64_t j) {
    const int32_t position = positions[j];
    if (position < 0) return -1;
    const int other = position / w, down = line - other + 1, right = x - position % w + 1;
    const bool reaches = down >= 0 && down < 3 && right >= 0 && right < 3 && other / h == image;
    return reaches ? 3 * down + right : -1;
  };
  T* to = dx + pixel * channels + channel;
  float sum[kWidth] = {};
  bool owner = false;
  for_same_target(
      mine, count, [=](int64_t j) { return tap_of(j) >= 0; },
      [&](int64_t j) {
        if (channel >= channels) return;
        if (!owner) load(sum, static_cast<const T*>(to));
        owner = true;
        float more[kWidth];
        load(more, dy + (j * 9 + tap_of(j)) * channels + channel);
#pragma unroll
        for (int k = 0; k < kWidth; ++k) sum[k] += more[k];
      });
  if (owner) store(to, sum);
}

}  // namespace

void gather_patches(Tensor* y, const Tensor* x, const int32_t* positions, int64_t count) {
  if (y->size() == 0) return;
  const int h = static_cast<int>(x->dim(1)), w = static_cast<int>(x->dim(2)), channels = static_cast<int>(x->dim(3));
  Uploaded<int32_t> list(positions, count);
  with_type(common_type("gather_patches", {y, x}), [&](auto element) {
    using T = decltype(element);
    with_width<T>(channels, {y->as<T>(), x->as<T>()}, [&](auto width) {
      constexpr int kWidth = decltype(width)::value;
      LAUNCH((gather_patches_kernel<T, kWidth>), row_grid(count, 9 * channels / kWidth), kThreads, 0, y->as<T>(),
             x->as<T>(), list.data(), count, h, w, channels);
    });
  });
}

void scatter_add_patches(Tensor* dx, const Tensor* dy, const int32_t* positions, int64_t count) {
  if (dy->size() == 0) return;
  const int h = static_cast<int>(dx->dim(1)), w = static_cast<int>(dx->dim(2)), channels = static_cast<int>(dx->dim(3));
  Uploaded<int32_t> list(positions, count);
  with_type(common_type("scatter_add_patches", {dx, dy}), [&](auto element) {
    using T = decltype(element);
    with_width<T, 4>(channels, {dx->as<T>(), dy->as<T>()}, [&](auto width) {
      constexpr int kWidth = decltype(width)::value;
      const dim3 grid(static_cast<unsigned>((9 * count + 7) / 8), (channels + 32 * kWidth - 1) / (32 * kWidth));
      LAUNCH((scatter_add_patches_kernel<T, kWidth>), grid, kThreads, 0, dx->as<T>(), dy->as<T>(), list.data(), count,
             h, w, channels);
    });
  });
}

}  // namespace selvage::cuda

// 3x3 max pooling of stride 2 under TensorFlow's "same" padding: odd sizes are padded on both sides, even ones at the
// end. x, dx [N,H,W,C], y, dy [N,ceil(H/2),ceil(W/2),C], any of the element types.
//
// Launch: 256 threads, grid (along a line of the result, lines); a thread takes 16 bytes of neighbouring channels where
// C and the addresses allow, one channel otherwise. max_pool_kernel reads the nine places of its window: x is 2.25
// times read, once from memory and otherwise from the caches. max_pool_grad_kernel gathers instead of scattering: each
// place of x asks the one to four windows that hold it whether it is their first maximum, so that no two threads write
// to one place and no order is left to chance. Bytes: x and y once forward; x, y, dy and dx once backward; a dozen
// comparisons an element. Deterministic.
#include "common/row_loop.cuh"
#include "common/vector_io.cuh"
#include "ops.h"

namespace selvage::cuda {
namespace {

struct Pool {
  int h, w, out_h, out_w, channels;
  explicit Pool(const Tensor* x)
      : h(static_cast<int>(x->dim(1))),
        w(static_cast<int>(x->dim(2))),
        out_h((h + 1) / 2),
        out_w((w + 1) / 2),
        channels(static_cast<int>(x->dim(3))) {}
};

// The window's first and one past its last place along an axis.
__device__ __forceinline__ int first(int out, int size) {
  const int at = 2 * out - size % 2;
  return at < 0 ? 0 : at;
}
__device__ __forceinline__ int past(int out, int size) {
  const int at = 2 * out - size % 2 + 3;
  return at < size ? at : size;
}
// The first and the last window that hold a place.
__device__ __forceinline__ int first_window(int in, int size) {
  const int at = in + size % 2 - 1;
  return at < 0 ? 0 : at / 2;
}
__device__ __forceinline__ int last_window(int in, int size) {
  const int at = (in + size % 2) / 2, last = (size + 1) / 2 - 1;
  return at < last ? at : last;
}

template <typename T, int kWidth>
__global__ void max_pool_kernel(T* y, const T* x, int64_t lines, Pool s) {
  const int packs = s.channels / kWidth;
  for_rows(lines, s.out_w * packs, [&](int64_t line, int i) {
    const auto [map, oy] = map_row(line, s.out_h);
    const int ox = i / packs, c = i % packs * kWidth;
    const T* image = x + map * s.h * s.w * s.channels + c;
    float top[kWidth];
#pragma unroll
    for (int k = 0; k < kWidth; ++k) top[k] = -INFINITY;
    for (int iy = first(oy, s.h); iy < past(oy, s.h); ++iy) {
      for (int ix = first(ox, s.w); ix < past(ox, s.w); ++ix) {
        float value[kWidth];
        load(value, image + (static_cast<int64_t>(iy) * s.w + ix) * s.channels);
#pragma unroll
        for (int k = 0; k < kWidth; ++k) top[k] = value[k] > top[k] ? value[k] : top[k];
      }
    }
    store(y + (line * s.out_w + ox) * s.channels + c, top);
  });
}

template <typename T, int kWidth>
__global__ void max_pool_grad_kernel(T* dx, const T* dy, const T* x, const T* y, int64_t lines, Pool s) {
  const int packs = s.channels / kWidth;
  for_rows(lines, s.w * packs, [&](int64_t line, int i) {
    const auto [map, iy] = map_row(line, s.h);
    const int ix = i / packs, c = i % packs * kWidth;
    const T* image = x + map * s.h * s.w * s.channels + c;
    const int64_t out = map * s.out_h * s.out_w * s.channels + c;
    float mine[kWidth], sum[kWidth] = {};
    load(mine, image + (static_cast<int64_t>(iy) * s.w + ix) * s.channels);
    for (int oy = first_window(iy, s.h); oy <= last_window(iy, s.h); ++oy) {
      for (int ox = first_window(ix, s.w); ox <= last_window(ix, s.w); ++ox) {
        const int64_t window = out + (static_cast<int64_t>(oy) * s.out_w + ox) * s.channels;
        float top[kWidth], gradient[kWidth];
        load(top, y + window);
        bool given[kWidth], any = false;  // to this place
#pragma unroll
        for (int k = 0; k < kWidth; ++k) any |= given[k] = mine[k] == top[k];
        if (!any) continue;
        for (int jy = first(oy, s.h); jy <= iy; ++jy) {  // the window's places before this one
          const int end = jy < iy ? past(ox, s.w) : ix;
          for (int jx = first(ox, s.w); jx < end; ++jx) {
            float before[kWidth];
            load(before, image + (static_cast<int64_t>(jy) * s.w + jx) * s.channels);
#pragma unroll
            for (int k = 0; k < kWidth; ++k) given[k] = given[k] && before[k] != top[k];
          }
        }
        load(gradient, dy + window);
#pragma unroll
        for (int k = 0; k < kWidth; ++k) sum[k] += given[k] ? gradient[k] : 0.0f;
      }
    }
    store(dx + (line * s.w + ix) * s.channels + c, sum);
  });
}

}  // namespace

void max_pool(Tensor* y, const Tensor* x) {
  if (y->size() == 0) return;
  const Pool s(x);
  const int64_t lines = y->dim(0) * s.out_h;
  with_type(common_type("max_pool", {y, x}), [&](auto element) {
    using T = decltype(element);
    with_width<T>(s.channels, {y->as<T>(), x->as<T>()}, [&](auto width) {
      constexpr int kWidth = decltype(width)::value;
      LAUNCH((max_pool_kernel<T, kWidth>), row_grid(lines, s.out_w * s.channels / kWidth), kThreads, 0, y->as<T>(),
             x->as<T>(), lines, s);
    });
  });
}

void max_pool_grad(Tensor* dx, const Tensor* dy, const Tensor* x, const Tensor* y) {
  if (dx->size() == 0) return;
  const Pool s(x);
  const int64_t lines = x->dim(0) * s.h;
  with_type(common_type("max_pool_grad", {dx, dy, x, y}), [&](auto element) {
    using T = decltype(element);
    with_width<T>(s.channels, {dx->as<T>(), dy->as<T>(), x->as<T>(), y->as<T>()}, [&](auto width) {
      constexpr int kWidth = decltype(width)::value;
      LAUNCH((max_pool_grad_kernel<T, kWidth>), row_grid(lines, s.w * s.channels / kWidth), kThreads, 0, dx->as<T>(),
             dy->as<T>(), x->as<T>(), y->as<T>(), lines, s);
    });
  });
}

}  // namespace selvage::cuda

// The pyramid's top-down step: each pixel of the level above counts for four below. top, dtop [N,H,W,C]; lateral, y,
// dy [N,2H,2W,C]; any of the element types.
//
// Launch: 256 threads, grid (along a line, lines); a thread takes 16 bytes of neighbouring channels where C and the
// addresses allow. Bytes: y written, lateral read once, top once from memory and three times from the caches; backward
// dy and dtop once. One addition an element: memory is the limit. Deterministic.
#include "common/row_loop.cuh"
#include "common/vector_io.cuh"
#include "ops.h"

namespace selvage::cuda {
namespace {

// lines and width are those of y.
template <typename T, int kWidth>
__global__ void upsample_add_kernel(T* y, const T* top, const T* lateral, int64_t lines, int w, int channels) {
  const int packs = channels / kWidth;
  for_rows(lines, w * packs, [&](int64_t line, int i) {
    const int x = i / packs, c = i % packs * kWidth;
    float above[kWidth], value[kWidth];
    load(above, top + (line / 2 * (w / 2) + x / 2) * channels + c);
    load(value, lateral + (line * w + x) * channels + c);
#pragma unroll
    for (int k = 0; k < kWidth; ++k) value[k] += above[k];
    store(y + (line * w + x) * channels + c, value);
  });
}

// lines and width are those of dtop.
template <typename T, int kWidth>
__global__ void upsample_grad_kernel(T* dtop, const T* dy, int64_t lines, int w, int channels) {
  const int packs = channels / kWidth;
  for_rows(lines, w * packs, [&](int64_t line, int i) {
    const int x = i / packs, c = i % packs * kWidth;
    const T* upper = dy + (2 * line * 2 * w + 2 * x) * channels + c;
    const T* lower = upper + static_cast<int64_t>(2) * w * channels;
    float a[kWidth], b[kWidth], d[kWidth], e[kWidth];
    load(a, upper), load(b, upper + channels), load(d, lower), load(e, lower + channels);
#pragma unroll
    for (int k = 0; k < kWidth; ++k) a[k] = (a[k] + b[k]) + (d[k] + e[k]);
    store(dtop + (line * w + x) * channels + c, a);
  });
}

}  // namespace

void upsample_add(Tensor* y, const Tensor* top, const Tensor* lateral) {
  if (y->size() == 0) return;
  const int64_t lines = y->dim(0) * y->dim(1);
  const int w = static_cast<int>(y->dim(2)), channels = static_cast<int>(y->dim(3));
  with_type(common_type("upsample_add", {y, top, lateral}), [&](auto element) {
    using T = decltype(element);
    with_width<T>(channels, {y->as<T>(), top->as<T>(), lateral->as<T>()}, [&](auto width) {
      constexpr int kWidth = decltype(width)::value;
      LAUNCH((upsample_add_kernel<T, kWidth>), row_grid(lines, w * channels / kWidth), kThreads, 0, y->as<T>(),
             top->as<T>(), lateral->as<T>(), lines, w, channels);
    });
  });
}

void upsample_grad(Tensor* dtop, const Tensor* dy) {
  if (dtop->size() == 0) return;
  const int64_t lines = dtop->dim(0) * dtop->dim(1);
  const int w = static_cast<int>(dtop->dim(2)), channels = static_cast<int>(dtop->dim(3));
  with_type(common_type("upsample_grad", {dtop, dy}), [&](auto element) {
    using T = decltype(element);
    with_width<T>(channels, {dtop->as<T>(), dy->as<T>()}, [&](auto width) {
      constexpr int kWidth = decltype(width)::value;
      LAUNCH((upsample_grad_kernel<T, kWidth>), row_grid(lines, w * channels / kWidth), kThreads, 0, dtop->as<T>(),
             dy->as<T>(), lines, w, channels);
    });
  });
}

}  // namespace selvage::cuda

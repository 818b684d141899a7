// P6: every second pixel of P5. x, dx [N,H,W,C], y, dy [N,ceil(H/2),ceil(W/2),C], any of the element types.
//
// Launch: 256 threads, grid (along a line of y, lines); a thread takes 16 bytes of neighbouring channels where C and
// the addresses allow. Bytes: y and a quarter of x once; 2 MB at 800x1344 and batch 8 in bf16, so that the launch is
// the cost. Deterministic: each pixel of x has one thread at most.
#include "common/row_loop.cuh"
#include "common/vector_io.cuh"
#include "ops.h"

namespace selvage::cuda {
namespace {

// kAdd: x += y instead of y = x.
template <bool kAdd, typename T, int kWidth>
__global__ void subsample_kernel(T* y, T* x, int64_t lines, int h, int w, int channels) {
  const int packs = channels / kWidth, out_h = (h + 1) / 2, out_w = (w + 1) / 2;
  for_rows(lines, out_w * packs, [&](int64_t line, int i) {
    const auto [map, oy] = map_row(line, out_h);
    const int ox = i / packs, c = i % packs * kWidth;
    T* small = y + (line * out_w + ox) * channels + c;
    T* large = x + ((map * h + 2 * oy) * w + 2 * ox) * channels + c;
    float value[kWidth];
    load(value, large);
    if constexpr (kAdd) {
      float more[kWidth];
      load(more, small);
#pragma unroll
      for (int k = 0; k < kWidth; ++k) value[k] += more[k];
      store(large, value);
    } else {
      store(small, value);
    }
  });
}

template <bool kAdd>
void run(const char* name, Tensor* y, Tensor* x) {
  if (y->size() == 0) return;
  const int h = static_cast<int>(x->dim(1)), w = static_cast<int>(x->dim(2)), channels = static_cast<int>(x->dim(3));
  const int64_t lines = y->dim(0) * y->dim(1);
  with_type(common_type(name, {y, x}), [&](auto element) {
    using T = decltype(element);
    with_width<T>(channels, {y->as<T>(), x->as<T>()}, [&](auto width) {
      constexpr int kWidth = decltype(width)::value;
      LAUNCH((subsample_kernel<kAdd, T, kWidth>), row_grid(lines, y->dim(2) * channels / kWidth), kThreads, 0,
             y->as<T>(), x->as<T>(), lines, h, w, channels);
    });
  });
}

}  // namespace

void subsample(Tensor* y, const Tensor* x) { run<false>("subsample", y, const_cast<Tensor*>(x)); }

void subsample_grad(Tensor* dx, const Tensor* dy) { run<true>("subsample_grad", const_cast<Tensor*>(dy), dx); }

}  // namespace selvage::cuda

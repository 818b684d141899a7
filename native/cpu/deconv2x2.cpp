// 2x2 transposed convolution of stride 2: the windows that it writes do not overlap, so it is one product, whose rows
// are the windows of the larger map.
#include <algorithm>

#include "conv_shape.h"
#include "cpu/common/finish_gradient.h"
#include "cpu/common/multiply.h"
#include "ops.h"

namespace selvage::cpu {
namespace {

// The convolution that this one is the transpose of, from the larger map [N,2H,2W,O].
ConvShape windows_of(const Tensor* large, const Tensor* w) { return ConvShape(large, w, 2, 0); }

Rows window_rows(const ConvShape& windows, const Tensor* large) {
  return {large->as<void>(), large->type(), 4 * windows.in, &windows};
}

}  // namespace

void deconv2x2(Tensor* y, const Tensor* x, const Tensor* w, const Tensor* b, bool relu) {
  const ConvShape windows = windows_of(y, w);
  const int64_t in = windows.out, out = windows.in;
  Scratch bias(4 * out);
  for (int tap = 0; tap < 4; ++tap) std::copy_n(b->data(), out, bias.data() + tap * out);
  multiply({windows.out_rows(), 4 * out, in, rows_of(x, in), false, rows_of(w, in), true, y->as<void>(), y->type(),
            bias.data(), nullptr, relu, &windows},
           w);
}

void deconv2x2_data_grad(Tensor* dx, const Tensor* dy, const Tensor* w, const Tensor* others,
                         const Tensor* activation) {
  const ConvShape windows = windows_of(dy, w);
  const int64_t in = windows.out, out = windows.in;
  multiply({windows.out_rows(), in, 4 * out, window_rows(windows, dy), false, rows_of(w, in), false, dx->as<void>(),
            dx->type(), nullptr, nullptr, false});
  finish_gradient(dx, others, activation);
}

void deconv2x2_weight_grad(Tensor* dw, Tensor* db, const Tensor* x, const Tensor* dy) {
  const ConvShape windows = windows_of(dy, dw);
  const int64_t in = windows.out, out = windows.in;
  cpu::sum_rows(db, dy);
  multiply({4 * out, in, windows.out_rows(), window_rows(windows, dy), true, rows_of(x, in), false, dw->data(),
            Type::f32, nullptr, nullptr, false});
}

}  // namespace selvage::cpu

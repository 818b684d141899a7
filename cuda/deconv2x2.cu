// 2x2 transposed convolution of stride 2: the adjoint of a 2x2 convolution of stride 2 from y to x, whose weights
// [2,2,O,I] are the same array. So its forward pass is that convolution's data gradient (four products, one a tap, each
// to every second pixel of y), its data gradient that convolution's forward pass, and its weight gradient is the same
// with the two maps exchanged. Kernels, launches and determinism: gather_gemm.cu and pixel_gemm.cu.
#include "gemm/products.h"
#include "ops.h"

namespace selvage::cuda {

void deconv2x2(Tensor* y, const Tensor* x, const Tensor* w, const Tensor* b, bool relu) {
  convolve_adjoint(y, x, w, nullptr, ConvShape(y, w, 2, 0), {b, nullptr, nullptr, relu});
}

void deconv2x2_data_grad(Tensor* dx, const Tensor* dy, const Tensor* w, const Tensor* others,
                         const Tensor* activation) {
  convolve(dx, dy, w, ConvShape(dy, w, 2, 0), {nullptr, others, activation, false});
}

void deconv2x2_weight_grad(Tensor* dw, Tensor* db, const Tensor* x, const Tensor* dy) {
  cuda::sum_rows(db, dy);
  convolve_weights(dw, nullptr, dy, x, ConvShape(dy, dw, 2, 0));
}

}  // namespace selvage::cuda

// Convolution with bias, residual and ReLU, and its gradients: the two matrix kernels (gather_gemm.cu, pixel_gemm.cu)
// on the grids of the three passes. A kernel as large as its input is a dense layer of kh kw in inputs, since its
// adjoint would otherwise look at every tap of every pixel for the one that counts.
#include "ops.h"
#include "products.h"

namespace selvage::cuda {
namespace {

ConvShape shape_of(const Tensor* x, const Tensor* w, int stride, int pad) {
  const ConvShape s(x, w, stride, pad);
  return s.pad == 0 && s.kh == s.h && s.kw == s.w ? ConvShape::dense(s.n, s.kh * s.kw * s.in, s.out) : s;
}

}  // namespace

void conv_block(Tensor* y, const Tensor* x, const Tensor* w, const Tensor* b, const Tensor* residual, int stride,
                int pad, bool relu) {
  convolve(y, x, w, b, residual, shape_of(x, w, stride, pad), relu);
}

void conv_data_grad(Tensor* dx, const Tensor* dy, const Tensor* w, int stride, int pad) {
  convolve_adjoint(dx, dy, w, nullptr, shape_of(dx, w, stride, pad), false);
}

void conv_weight_grad(Tensor* dw, Tensor* db, const Tensor* x, const Tensor* dy, int stride, int pad) {
  if (db != nullptr) cuda::sum_rows(db, dy);
  convolve_weights(dw, x, dy, shape_of(x, dw, stride, pad));
}

}  // namespace selvage::cuda

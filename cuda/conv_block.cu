// Convolution with bias, residual and ReLU, and its gradients: by cuDNN where that is chosen, else the two matrix
// kernels (gather_gemm.cu, pixel_gemm.cu) on the grids of the three passes. A kernel as large as its input is a dense
// layer of kh kw in inputs, since its adjoint would otherwise look at every tap of every pixel for the one that counts;
// dense layers always use the built-in kernels.
#include "cudnn/convolution_engine.h"
#include "cudnn/cudnn_convolution.h"
#include "gemm/products.h"
#include "ops.h"

namespace selvage::cuda {
namespace {

// A photo with more channels than the weights have inputs: cuDNN has no such product.
bool is_photo(const Tensor* x, const ConvShape& s) { return x->dim(3) != s.in; }
bool is_dense(const ConvShape& s) { return s.pad == 0 && s.kh == s.h && s.kw == s.w; }
ConvShape dense(const ConvShape& s) { return ConvShape::dense(s.n, s.kh * s.kw * s.in, s.out); }

}  // namespace

void conv_block(Tensor* y, const Tensor* x, const Tensor* w, const Tensor* b, const Tensor* residual, int stride,
                int pad, bool relu) {
  const ConvShape s(x, w, stride, pad);
  if (is_photo(x, s)) return convolve(y, x, w, s, {b, residual, nullptr, relu});
  if (is_dense(s)) return convolve(y, x, w, dense(s), {b, residual, nullptr, relu});
  by_engine(
      ConvPass::forward, s, x, y,
      [&] {
        convolve(y, x, w, s, {b, residual, nullptr, relu});
      },
      [&] { cudnn_convolve(y, x, w, b, residual, s, relu); });
}

void conv_data_grad(Tensor* dx, const Tensor* dy, const Tensor* w, const Tensor* transposed, const Tensor* others,
                    const Tensor* activation, int stride, int pad) {
  const ConvShape s(dx, w, stride, pad);
  const Finish finish{nullptr, others, activation, false};
  if (is_dense(s)) return convolve_adjoint(dx, dy, w, transposed, dense(s), finish);
  by_engine(
      ConvPass::data_grad, s, dx, dy, [&] { convolve_adjoint(dx, dy, w, transposed, s, finish); },
      [&] {
        cudnn_convolve_adjoint(dx, dy, w, s);
        if (others != nullptr) cuda::add(dx, others);
        if (activation != nullptr) cuda::relu_grad(dx, dx, activation);
      });
}

void conv_weight_grad(Tensor* dw, Tensor* db, const Tensor* x, const Tensor* dy, int stride, int pad) {
  const ConvShape s(x, dw, stride, pad);
  if (is_photo(x, s)) return convolve_weights(dw, db, x, dy, s);
  if (is_dense(s)) return convolve_weights(dw, db, x, dy, dense(s));
  by_engine(
      ConvPass::weight_grad, s, x, dy, [&] { convolve_weights(dw, db, x, dy, s); },
      [&] {
        cudnn_convolve_weights(dw, x, dy, s);
        if (db != nullptr) cuda::sum_rows(db, dy);
      });
}

}  // namespace selvage::cuda

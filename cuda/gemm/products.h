// Convolutions, transposed convolutions and dense products by the two matrix kernels. conv_block, deconv2x2 and matmul
// are thin layers over these functions.
#pragma once

#include "conv_shape.h"

namespace selvage::cuda {

// What is done to the sums of a product: y = relu?(sums + bias + residual), 0 where the mask is not positive. Null ones
// have no part in it.
struct Finish {
  const Tensor* bias = nullptr;
  const Tensor* residual = nullptr;  // like y
  const Tensor* mask = nullptr;      // like y
  bool relu = false;
};

// y = conv(x, w) for the sizes of s; x, w and y may have any shape with these elements.
void convolve(Tensor* y, const Tensor* x, const Tensor* w, const ConvShape& s, const Finish& finish);
// dx = the adjoint of that convolution applied to dy
void convolve_adjoint(Tensor* dx, const Tensor* dy, const Tensor* w, const ConvShape& s, const Finish& finish);
// dw = the gradient of that convolution's weights and db, which may be null, that of its bias, the sums of dy's columns
void convolve_weights(Tensor* dw, Tensor* db, const Tensor* x, const Tensor* dy, const ConvShape& s);
// The same without a bias, for dy that is stored transposed, [out,pixels].
void convolve_weights_turned(Tensor* dw, const Tensor* x, const Tensor* dy, const ConvShape& s);

}  // namespace selvage::cuda

// Convolutions, transposed convolutions and dense products by the two matrix kernels. conv_block, deconv2x2 and matmul
// are thin layers over these functions.
#pragma once

#include "conv_shape.h"

namespace selvage::cuda {

// y = relu?(conv(x, w) + b + residual) for the sizes of s; x, w and y may have any shape with these elements.
void convolve(Tensor* y, const Tensor* x, const Tensor* w, const Tensor* b, const Tensor* residual, const ConvShape& s,
              bool relu);
// dx = relu?(the adjoint of that convolution applied to dy, + b)
void convolve_adjoint(Tensor* dx, const Tensor* dy, const Tensor* w, const Tensor* b, const ConvShape& s, bool relu);
// dw = the gradient of that convolution's weights; `turned` if dy is stored transposed, [out,pixels]
void convolve_weights(Tensor* dw, const Tensor* x, const Tensor* dy, const ConvShape& s, bool turned = false);

}  // namespace selvage::cuda

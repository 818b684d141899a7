// Convolutions by cuDNN; cudnn_convolution.cu says how. Maps of one type, aligned to 16 bytes, none of them empty; the
// meaning is that of products.h.
#pragma once

#include "conv_shape.h"

namespace selvage::cuda {

void cudnn_convolve(Tensor* y, const Tensor* x, const Tensor* w, const Tensor* b, const Tensor* residual,
                    const ConvShape& s, bool relu);
void cudnn_convolve_adjoint(Tensor* dx, const Tensor* dy, const Tensor* w, const ConvShape& s);
void cudnn_convolve_weights(Tensor* dw, const Tensor* x, const Tensor* dy, const ConvShape& s);

}  // namespace selvage::cuda

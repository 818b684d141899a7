// oneDNN's convolution primitives on plain NHWC, kept for the shapes that come back.
#pragma once

#include "conv_shape.h"

namespace selvage::cpu {

// Weights, their gradient and bias are plain floats; maps have the types that their tensors say.
void onednn_conv(const ConvShape& shape, Tensor* y, const Tensor* x, const float* w, const float* bias,
                 const Tensor* residual, bool relu);
void onednn_conv_data_grad(const ConvShape& shape, Tensor* dx, const Tensor* dy, const float* w);
// Of bf16 maps only: for floats, matrix products are faster (conv_block.cpp).
void onednn_conv_weight_grad(const ConvShape& shape, float* dw, const Tensor* x, const Tensor* dy);

}  // namespace selvage::cpu

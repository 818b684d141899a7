// oneDNN's convolution primitives on plain NHWC, kept for the shapes that come back.
#pragma once

#include <cstdint>

#include "conv_shape.h"

namespace selvage::cpu {

void onednn_conv(const ConvShape& shape, float* y, const float* x, const float* w, const float* bias,
                 const float* residual, bool relu);
void onednn_conv_data_grad(const ConvShape& shape, float* dx, const float* dy, const float* w);

}  // namespace selvage::cpu

// oneDNN's convolution primitives on plain NHWC, kept for the shapes that come back.
#pragma once

#include <cstdint>

namespace selvage::cpu {

struct ConvShape {
  int64_t n, h, w, in, out, kh, kw, stride, pad;

  int64_t out_h() const { return (h + 2 * pad - kh) / stride + 1; }
  int64_t out_w() const { return (w + 2 * pad - kw) / stride + 1; }
  int64_t out_rows() const { return n * out_h() * out_w(); }
  int64_t flops() const { return 2 * out_rows() * kh * kw * in * out; }
};

void onednn_conv(const ConvShape& shape, float* y, const float* x, const float* w, const float* bias,
                 const float* residual, bool relu);
void onednn_conv_data_grad(const ConvShape& shape, float* dx, const float* dy, const float* w);

}  // namespace selvage::cpu

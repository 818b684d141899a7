// The sizes of a convolution, and of a 2x2 transposed one, as every backend needs them.
#pragma once

#include <cstdint>

#include "tensor.h"

namespace selvage {

struct ConvShape {
  int64_t n, h, w, in, out, kh, kw, stride, pad;

  // x [N,H,W,I], or a photo with more channels, weights [KH,KW,I,O]
  ConvShape(const Tensor* x, const Tensor* weights, int stride_of, int pad_of)
      : n(x->dim(0)),
        h(x->dim(1)),
        w(x->dim(2)),
        in(weights->dim(2)),
        out(weights->dim(3)),
        kh(weights->dim(0)),
        kw(weights->dim(1)),
        stride(stride_of),
        pad(pad_of) {}

  // y [M,N] = x [M,K] weights [K,N] as a convolution of single pixels
  static ConvShape dense(int64_t m, int64_t k, int64_t n) { return ConvShape(m, k, n); }

  // The convolution of y by turned weights that gives the gradient of x; the stride is 1, the window square, and pad
  // less than it.
  ConvShape data_grad() const {
    ConvShape turned = *this;
    turned.h = out_h();
    turned.w = out_w();
    turned.in = out;
    turned.out = in;
    turned.pad = kh - 1 - pad;
    return turned;
  }

  int64_t out_h() const { return (h + 2 * pad - kh) / stride + 1; }
  int64_t out_w() const { return (w + 2 * pad - kw) / stride + 1; }
  int64_t out_rows() const { return n * out_h() * out_w(); }
  int64_t flops() const { return 2 * out_rows() * kh * kw * in * out; }

 private:
  ConvShape(int64_t m, int64_t k, int64_t columns)
      : n(m), h(1), w(1), in(k), out(columns), kh(1), kw(1), stride(1), pad(0) {}
};

struct DeconvShape {
  int64_t n, h, w, in, out;

  // x [N,H,W,I], weights [2,2,O,I]
  DeconvShape(const Tensor* x, const Tensor* weights)
      : n(x->dim(0)), h(x->dim(1)), w(x->dim(2)), in(x->dim(3)), out(weights->dim(2)) {}

  int64_t rows() const { return n * h * w; }
  int64_t flops() const { return 2 * rows() * 4 * out * in; }
};

}  // namespace selvage

// Convolution with bias, residual and ReLU, and its gradients. Everything that is a plain matrix product in disguise
// (1x1 kernels, kernels as large as their input) is computed as one; the weight gradient always is.
#include <cstring>

#include "cpu/common/epilogue.h"
#include "cpu/common/parallel.h"
#include "cpu/onednn/bf16_gemm.h"
#include "cpu/onednn/gemm.h"
#include "cpu/onednn/onednn_conv.h"
#include "ops.h"

namespace selvage::cpu {
namespace {

bool pointwise(const ConvShape& s) { return s.kh == 1 && s.kw == 1 && s.pad == 0; }
bool whole_window(const ConvShape& s) { return s.pad == 0 && s.kh == s.h && s.kw == s.w; }

// Copies every stride-th pixel of x [n,h,w,in] into rows [out_rows,in].
void gather_strided(const ConvShape& s, float* rows, const float* x) {
  parallel_for(s.n * s.out_h(), kGrain / (s.out_w() * s.in) + 1, [&](int64_t begin, int64_t end) {
    for (int64_t line = begin; line < end; ++line) {
      const float* from = x + (line / s.out_h() * s.h + line % s.out_h() * s.stride) * s.w * s.in;
      for (int64_t i = 0; i < s.out_w(); ++i) {
        std::memcpy(rows + (line * s.out_w() + i) * s.in, from + i * s.stride * s.in, s.in * sizeof(float));
      }
    }
  });
}

// The reverse, with zeros between.
void scatter_strided(const ConvShape& s, float* x, const float* rows) {
  parallel_for(s.n * s.h, kGrain / (s.w * s.in) + 1, [&](int64_t begin, int64_t end) {
    std::memset(x + begin * s.w * s.in, 0, (end - begin) * s.w * s.in * sizeof(float));
    for (int64_t line = begin; line < end; ++line) {
      const int64_t y = line % s.h;
      if (y % s.stride != 0) continue;
      const float* from = rows + (line / s.h * s.out_h() + y / s.stride) * s.out_w() * s.in;
      for (int64_t i = 0; i < s.out_w(); ++i) {
        std::memcpy(x + (line * s.w + i * s.stride) * s.in, from + i * s.in, s.in * sizeof(float));
      }
    }
  });
}

// Same-size convolutions of stride 1. Zero columns and rows around the maps (each shared by two neighbours) turn every
// tap into a shift of one flat array, so that the gradient of each tap is a product of two whole arrays, with nothing
// gathered.
void weight_grad_by_taps(const ConvShape& s, float* dw, const float* x, const float* dy) {
  const int64_t width = s.w + s.pad, height = s.h + s.pad;
  const int64_t positions = s.n * height * width, margin = s.pad * width + s.pad;
  Scratch padded_x((positions + 2 * margin) * s.in), padded_dy(positions * s.out);
  std::memset(padded_x.data(), 0, margin * s.in * sizeof(float));
  std::memset(padded_x.data() + (margin + positions) * s.in, 0, margin * s.in * sizeof(float));
  const auto pad_into = [&](float* to, const float* from, int64_t channels) {
    parallel_for(s.n * height, kGrain / (width * channels) + 1, [&](int64_t begin, int64_t end) {
      for (int64_t line = begin; line < end; ++line) {
        float* row = to + line * width * channels;
        const int64_t y = line % height, data = y < s.h ? s.w * channels : 0;
        std::memcpy(row, from + (line / height * s.h + y) * s.w * channels, data * sizeof(float));
        std::memset(row + data, 0, (width * channels - data) * sizeof(float));
      }
    });
  };
  pad_into(padded_x.data() + margin * s.in, x, s.in);
  pad_into(padded_dy.data(), dy, s.out);
  for (int64_t ky = 0; ky < s.kh; ++ky) {
    for (int64_t kx = 0; kx < s.kw; ++kx) {
      const float* shifted = padded_x.data() + (margin + (ky - s.pad) * width + kx - s.pad) * s.in;
      gemm(true, false, s.in, s.out, positions, shifted, s.in, padded_dy.data(), s.out,
           dw + (ky * s.kw + kx) * s.in * s.out, s.out, false);
    }
  }
}

// Patches of output lines [begin,end), counted over all images, as rows [.,kh kw in].
void gather_lines(const ConvShape& s, float* rows, const float* x, int64_t begin, int64_t end) {
  const int64_t patch = s.kh * s.kw * s.in;
  parallel_for(end - begin, 1, [&](int64_t from, int64_t to) {
    for (int64_t line = begin + from; line < begin + to; ++line) {
      const float* image = x + line / s.out_h() * s.h * s.w * s.in;
      for (int64_t ox = 0; ox < s.out_w(); ++ox) {
        float* row = rows + ((line - begin) * s.out_w() + ox) * patch;
        for (int64_t ky = 0; ky < s.kh; ++ky) {
          const int64_t iy = line % s.out_h() * s.stride - s.pad + ky;
          for (int64_t kx = 0; kx < s.kw; ++kx, row += s.in) {
            const int64_t ix = ox * s.stride - s.pad + kx;
            const bool inside = iy >= 0 && iy < s.h && ix >= 0 && ix < s.w;
            if (inside) {
              std::memcpy(row, image + (iy * s.w + ix) * s.in, s.in * sizeof(float));
            } else {
              std::memset(row, 0, s.in * sizeof(float));
            }
          }
        }
      }
    }
  });
}

// Any other convolution: patches of some lines at a time, few enough to stay in the cache.
void weight_grad_by_patches(const ConvShape& s, float* dw, const float* x, const float* dy) {
  const int64_t patch = s.kh * s.kw * s.in, lines = s.n * s.out_h();
  const int64_t step = std::max<int64_t>(1, std::min(lines, (1 << 20) / (s.out_w() * patch)));
  Scratch rows(step * s.out_w() * patch);
  for (int64_t line = 0; line < lines; line += step) {
    const int64_t end = std::min(line + step, lines);
    gather_lines(s, rows.data(), x, line, end);
    gemm(true, false, patch, s.out, (end - line) * s.out_w(), rows.data(), patch, dy + line * s.out_w() * s.out, s.out,
         dw, s.out, line > 0);
  }
}

// The same on bf16 maps. oneDNN's convolutions of bf16 run at the rate of its matrix products, gradients of the weights
// included, so that only what has no map at all is a product.
void conv_block_bf16(const ConvShape& s, Tensor* y, const Tensor* x, const Tensor* w, const float* bias,
                     const Tensor* residual, bool relu) {
  if (whole_window(s) && residual == nullptr) {
    const int64_t inner = s.kh * s.kw * s.in;
    bf16_gemm(false, false, y->as<void>(), y->type(), matrix(x, inner), matrix(w, s.out), bias, relu);
  } else {
    onednn_conv(s, y, x, w->data(), bias, residual, relu);
  }
}

void conv_data_grad_bf16(const ConvShape& s, Tensor* dx, const Tensor* dy, const Tensor* w) {
  if (whole_window(s)) {
    bf16_gemm(false, true, dx->as<void>(), dx->type(), matrix(dy, s.out), matrix(w, s.out), nullptr, false);
  } else {
    onednn_conv_data_grad(s, dx, dy, w->data());
  }
}

void conv_weight_grad_bf16(const ConvShape& s, Tensor* dw, const Tensor* x, const Tensor* dy) {
  if (whole_window(s)) {
    const int64_t inner = s.kh * s.kw * s.in;
    bf16_gemm(true, false, dw->data(), Type::f32, matrix(x, inner), matrix(dy, s.out), nullptr, false);
  } else if (pointwise(s) && s.stride == 1) {
    bf16_gemm(true, false, dw->data(), Type::f32, matrix(x, s.in), matrix(dy, s.out), nullptr, false);
  } else {
    onednn_conv_weight_grad(s, dw->data(), x, dy);
  }
}

}  // namespace

void conv_block(Tensor* y, const Tensor* x, const Tensor* w, const Tensor* b, const Tensor* residual, int stride,
                int pad, bool relu) {
  const ConvShape s(x, w, stride, pad);
  const float* bias = b == nullptr ? nullptr : b->data();
  if (x->type() != Type::f32) {
    conv_block_bf16(s, y, x, w, bias, residual, relu);
  } else if (whole_window(s)) {
    const float* other = residual == nullptr ? nullptr : residual->data();
    const int64_t inner = s.kh * s.kw * s.in;
    gemm(false, false, s.n, s.out, inner, x->data(), inner, w->data(), s.out, y->data(), s.out, false);
    epilogue(y->data(), s.n, s.out, bias, other, relu);
  } else {
    onednn_conv(s, y, x, w->data(), bias, residual, relu);
  }
}

void conv_data_grad(Tensor* dx, const Tensor* dy, const Tensor* w, int stride, int pad) {
  const ConvShape s(dx, w, stride, pad);
  if (dx->type() != Type::f32) {
    conv_data_grad_bf16(s, dx, dy, w);
  } else if (whole_window(s)) {
    const int64_t inner = s.kh * s.kw * s.in;
    gemm(false, true, s.n, inner, s.out, dy->data(), s.out, w->data(), s.out, dx->data(), inner, false);
  } else if (pointwise(s) && stride == 1) {
    gemm(false, true, s.out_rows(), s.in, s.out, dy->data(), s.out, w->data(), s.out, dx->data(), s.in, false);
  } else if (pointwise(s)) {
    Scratch rows(s.out_rows() * s.in);
    gemm(false, true, s.out_rows(), s.in, s.out, dy->data(), s.out, w->data(), s.out, rows.data(), s.in, false);
    scatter_strided(s, dx->data(), rows.data());
  } else {
    onednn_conv_data_grad(s, dx, dy, w->data());
  }
}

void conv_weight_grad(Tensor* dw, Tensor* db, const Tensor* x, const Tensor* dy, int stride, int pad) {
  const ConvShape s(x, dw, stride, pad);
  if (db != nullptr) cpu::sum_rows(db, dy);
  if (s.out_rows() == 0) {
    cpu::fill(dw, 0.0f);
  } else if (x->type() != Type::f32) {
    conv_weight_grad_bf16(s, dw, x, dy);
  } else if (whole_window(s)) {
    const int64_t inner = s.kh * s.kw * s.in;
    gemm(true, false, inner, s.out, s.n, x->data(), inner, dy->data(), s.out, dw->data(), s.out, false);
  } else if (pointwise(s) && stride == 1) {
    gemm(true, false, s.in, s.out, s.out_rows(), x->data(), s.in, dy->data(), s.out, dw->data(), s.out, false);
  } else if (pointwise(s)) {
    Scratch rows(s.out_rows() * s.in);
    gather_strided(s, rows.data(), x->data());
    gemm(true, false, s.in, s.out, s.out_rows(), rows.data(), s.in, dy->data(), s.out, dw->data(), s.out, false);
  } else if (stride == 1 && s.kh == 2 * pad + 1 && s.kw == s.kh && s.in >= 16) {
    weight_grad_by_taps(s, dw->data(), x->data(), dy->data());
  } else {
    weight_grad_by_patches(s, dw->data(), x->data(), dy->data());
  }
}

}  // namespace selvage::cpu

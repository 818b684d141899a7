// Convolution with bias, residual and ReLU, and its gradients: by Winograd's transforms where they need fewer products,
// else as a product of the windows and the weights.
#include <algorithm>
#include <memory>

#include "cpu/common/finish_gradient.h"
#include "cpu/common/multiply.h"
#include "cpu/common/parallel.h"
#include "cpu/common/winograd_choice.h"
#include "elements.h"
#include "flops.h"
#include "ops.h"

namespace selvage::cpu {
namespace {

bool pointwise(const ConvShape& s) { return s.kh == 1 && s.kw == 1 && s.pad == 0 && s.stride == 1; }
bool whole_window(const ConvShape& s) { return s.pad == 0 && s.kh == s.h && s.kw == s.w; }
int64_t window(const ConvShape& s) { return s.kh * s.kw * s.in; }

// The boundary counts the work of the direct way.
void count_saved(const ConvShape& s, WinogradTile tile) { count_flops(winograd_flops(s, tile) - s.flops()); }

// The windows over a map, a row for each pixel of the result: the map itself where windows do not overlap.
Rows windows(const ConvShape& s, const void* map, Type type) {
  const bool stored = pointwise(s) || whole_window(s);
  return {map, type, window(s), stored ? nullptr : &s};
}

// By Winograd's transforms, of weights [3,3,I,O] or turned ones, [3,3,O,I]; false where another way is better. `kept`
// is the tensor of the weights where their transforms may be kept.
bool transformed(const ConvShape& s, bool turned, Tensor* y, const Tensor* x, const float* w, const Tensor* kept,
                 const float* bias, const void* residual, bool relu) {
  const auto tile = winograd_tile(s, x->type());
  if (!tile.has_value() || y->type() != x->type()) return false;
  count_saved(s, *tile);
  const Winograd shape = {*tile, s.n, s.h, s.w, s.in, s.out, turned};
  const Kernels& kernels = kernels_of(x->type());
  const WeightForm weights(kept, static_cast<Form>(*tile), x->type(), kernels.transformed_size(shape),
                           [&](float* to) { kernels.transform(shape, w, to); });
  kernels.winograd(shape, y->as<void>(), x->as<void>(), weights.data(), bias, residual, relu);
  return true;
}

void forward(const ConvShape& s, Tensor* y, const Tensor* x, const float* w, const Tensor* kept, const float* bias,
             const Tensor* residual, bool relu) {
  const void* other = residual == nullptr ? nullptr : residual->as<void>();
  if (transformed(s, false, y, x, w, kept, bias, other, relu)) return;
  multiply({s.out_rows(),
            s.out,
            window(s),
            windows(s, x->as<void>(), x->type()),
            false,
            {w, Type::f32, s.out},
            false,
            y->as<void>(),
            y->type(),
            bias,
            other,
            relu},
           kept);
}

// Weights [KH,KW,I,O] turned by 180 degrees, as [KH,KW,O,I]: those of the convolution that gives the gradient of the
// data where the stride is 1.
void turn(const ConvShape& s, float* turned, const float* w) {
  constexpr int64_t kBlock = 16;  // rows that are read while a line of the cache is written
  const int64_t taps = s.kh * s.kw, blocks = (s.in + kBlock - 1) / kBlock;
  for_pieces(taps * blocks, [&](int64_t piece) {
    const int64_t tap = piece / blocks, first = piece % blocks * kBlock, end = std::min(first + kBlock, s.in);
    const float* from = w + tap * s.in * s.out;
    float* to = turned + (taps - 1 - tap) * s.in * s.out;
    for (int64_t o = 0; o < s.out; ++o) {
      for (int64_t i = first; i < end; ++i) to[o * s.in + i] = from[i * s.out + o];
    }
  });
}

// Adds up, for each pixel of x, its places in the windows [out_rows,KH,KW,I].
void gather_windows(const ConvShape& s, Tensor* x, const float* rows) {
  parallel_for(s.n * s.h, kGrain / (s.w * s.in) + 1, [&](int64_t begin, int64_t end) {
    std::unique_ptr<float[]> sums(new float[s.in]);
    for (int64_t line = begin; line < end; ++line) {
      const int64_t image = line / s.h, iy = line % s.h;
      for (int64_t ix = 0; ix < s.w; ++ix) {
        std::fill_n(sums.get(), s.in, 0.0f);
        for (int64_t tap = 0; tap < s.kh * s.kw; ++tap) {
          const int64_t y = iy + s.pad - tap / s.kw, z = ix + s.pad - tap % s.kw;
          if (y < 0 || z < 0 || y % s.stride != 0 || z % s.stride != 0) continue;
          const int64_t oy = y / s.stride, ox = z / s.stride;
          if (oy >= s.out_h() || ox >= s.out_w()) continue;
          const float* from = rows + (((image * s.out_h() + oy) * s.out_w() + ox) * s.kh * s.kw + tap) * s.in;
          for (int64_t c = 0; c < s.in; ++c) sums[c] += from[c];
        }
        from_floats(x->as<char>() + (line * s.w + ix) * s.in * bytes_of(x->type()), x->type(), sums.get(), s.in);
      }
    }
  });
}

void adjoint(const ConvShape& s, Tensor* dx, const Tensor* dy, const Tensor* w) {
  const Rows weights = {w->data(), Type::f32, s.out};
  if (pointwise(s) || whole_window(s)) {
    multiply({s.out_rows(), window(s), s.out, rows_of(dy, s.out), false, weights, true, dx->as<void>(), dx->type(),
              nullptr, nullptr, false});
  } else if (s.stride == 1 && s.pad < s.kh && s.pad < s.kw && s.kh == s.kw) {
    if (transformed(s.data_grad(), true, dx, dy, w->data(), nullptr, nullptr, nullptr, false)) return;
    Scratch turned(w->size());
    turn(s, turned.data(), w->data());
    forward(s.data_grad(), dx, dy, turned.data(), nullptr, nullptr, nullptr, false);
  } else {
    Scratch rows(s.out_rows() * window(s));
    multiply({s.out_rows(), window(s), s.out, rows_of(dy, s.out), false, weights, true, rows.data(), Type::f32, nullptr,
              nullptr, false});
    gather_windows(s, dx, rows.data());
  }
}

}  // namespace

void conv_block(Tensor* y, const Tensor* x, const Tensor* w, const Tensor* b, const Tensor* residual, int stride,
                int pad, bool relu) {
  forward(ConvShape(x, w, stride, pad), y, x, w->data(), w, b == nullptr ? nullptr : b->data(), residual, relu);
}

void conv_data_grad(Tensor* dx, const Tensor* dy, const Tensor* w, const Tensor*, const Tensor* others,
                    const Tensor* activation, int stride, int pad) {
  adjoint(ConvShape(dx, w, stride, pad), dx, dy, w);
  finish_gradient(dx, others, activation);
}

void conv_weight_grad(Tensor* dw, Tensor* db, const Tensor* x, const Tensor* dy, int stride, int pad) {
  const ConvShape s(x, dw, stride, pad);
  if (db != nullptr) cpu::sum_rows(db, dy);
  if (const auto tile = winograd_tile(s, x->type())) {
    count_saved(s, *tile);
    kernels_of(x->type()).winograd_weight_grad({*tile, s.n, s.h, s.w, s.in, s.out}, dw->data(), x->as<void>(),
                                               dy->as<void>());
    return;
  }
  multiply({window(s), s.out, s.out_rows(), windows(s, x->as<void>(), x->type()), true, rows_of(dy, s.out), false,
            dw->data(), Type::f32, nullptr, nullptr, false});
}

}  // namespace selvage::cpu

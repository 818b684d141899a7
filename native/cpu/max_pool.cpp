// 3x3 max pooling of stride 2 under TensorFlow's "same" padding: odd sizes are padded on both sides, even ones at the
// end.
#include <limits>

#include "cpu/common/floats.h"
#include "cpu/common/parallel.h"
#include "ops.h"

namespace selvage::cpu {
namespace {

struct Pool {
  int64_t n, h, w, c;
  explicit Pool(const Tensor* x) : n(x->dim(0)), h(x->dim(1)), w(x->dim(2)), c(x->dim(3)) {}
  int64_t out_h() const { return (h + 1) / 2; }
  int64_t out_w() const { return (w + 1) / 2; }
};

// The window's first and one past its last place along an axis.
int64_t first(int64_t out, int64_t size) { return std::max<int64_t>(0, 2 * out - size % 2); }
int64_t past(int64_t out, int64_t size) { return std::min(size, 2 * out - size % 2 + 3); }

// The gradient goes to the first of equal maxima, in row-major order of the window. T is float or bf16.
template <typename T>
void pass_gradients(const Pool& s, T* dx, const T* dy, const T* x, const T* y) {
  // Windows overlap, hence one thread to a stretch of channels rather than of pixels.
  const int64_t stretch = std::min<int64_t>(s.c, 16), stretches = (s.c + stretch - 1) / stretch;
  parallel_for(s.n * stretches, 1, [&](int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; ++task) {
      const int64_t image = task / stretches, from = task % stretches * stretch, to = std::min(from + stretch, s.c);
      const int64_t in = image * s.h * s.w * s.c, out = image * s.out_h() * s.out_w() * s.c;
      for (int64_t i = 0; i < s.h * s.w; ++i) std::fill(dx + in + i * s.c + from, dx + in + i * s.c + to, T());
      for (int64_t o = 0; o < s.out_h() * s.out_w(); ++o) {
        const int64_t oy = o / s.out_w(), ox = o % s.out_w();
        for (int64_t c = from; c < to; ++c) {
          const float top = y[out + o * s.c + c];
          bool given = false;
          for (int64_t iy = first(oy, s.h); iy < past(oy, s.h) && !given; ++iy) {
            for (int64_t ix = first(ox, s.w); ix < past(ox, s.w) && !given; ++ix) {
              const int64_t i = in + (iy * s.w + ix) * s.c + c;
              given = static_cast<float>(x[i]) == top;
              if (given) dx[i] = T(static_cast<float>(dx[i]) + static_cast<float>(dy[out + o * s.c + c]));
            }
          }
        }
      }
    }
  });
}

}  // namespace

void max_pool(Tensor* y, const Tensor* x) {
  if (y->size() == 0) return;
  const Pool s(x);
  parallel_for(s.n * s.out_h(), kGrain / (s.out_w() * s.c) + 1, [&](int64_t begin, int64_t end) {
    Reader reader(x, s.c);
    Writer writer(y, s.c);
    for (int64_t line = begin; line < end; ++line) {
      const int64_t image = line / s.out_h() * s.h * s.w * s.c;
      const int64_t oy = line % s.out_h();
      for (int64_t ox = 0; ox < s.out_w(); ++ox) {
        float* to = writer.begin((line * s.out_w() + ox) * s.c, s.c);
        std::fill(to, to + s.c, -std::numeric_limits<float>::infinity());
        for (int64_t iy = first(oy, s.h); iy < past(oy, s.h); ++iy) {
          for (int64_t ix = first(ox, s.w); ix < past(ox, s.w); ++ix) {
            const float* from = reader.at(image + (iy * s.w + ix) * s.c, s.c);
            for (int64_t c = 0; c < s.c; ++c) to[c] = from[c] > to[c] ? from[c] : to[c];
          }
        }
        writer.done();
      }
    }
  });
}

void max_pool_grad(Tensor* dx, const Tensor* dy, const Tensor* x, const Tensor* y) {
  if (dx->size() == 0) return;
  if (x->type() == Type::f32) {
    pass_gradients(Pool(x), dx->data(), dy->data(), x->data(), y->data());
  } else {
    pass_gradients(Pool(x), dx->as<bf16>(), dy->as<bf16>(), x->as<bf16>(), y->as<bf16>());
  }
}

}  // namespace selvage::cpu

// 3x3 max pooling of stride 2 under TensorFlow's "same" padding: odd sizes are padded on both sides, even ones at the
// end.
#include <limits>

#include "cpu/common/floats.h"
#include "cpu/common/parallel.h"
#include "ops.h"

namespace selvage::cpu {
namespace {

constexpr float kNone = 9;  // places of a window are 0..8

struct Pool {
  int64_t n, h, w, c;
  explicit Pool(const Tensor* x) : n(x->dim(0)), h(x->dim(1)), w(x->dim(2)), c(x->dim(3)) {}
  int64_t out_h() const { return (h + 1) / 2; }
  int64_t out_w() const { return (w + 1) / 2; }
};

// The window's first and one past its last place along an axis.
int64_t first(int64_t out, int64_t size) { return std::max<int64_t>(0, 2 * out - size % 2); }
int64_t past(int64_t out, int64_t size) { return std::min(size, 2 * out - size % 2 + 3); }

// For each result the number of the place in its window, in row-major order, that gave it: the first of equal maxima.
// Numbers are floats, as what they are compared with, so that the loops become vectors.
void find_places(const Pool& s, const Tensor* x, const Tensor* y, float* places) {
  parallel_for(s.n * s.out_h(), kGrain / (s.out_w() * s.c) + 1, [&](int64_t begin, int64_t end) {
    Reader maps(x, s.c), tops(y, s.c);
    for (int64_t line = begin; line < end; ++line) {
      const int64_t image = line / s.out_h() * s.h * s.w * s.c, oy = line % s.out_h();
      for (int64_t ox = 0; ox < s.out_w(); ++ox) {
        const int64_t at = (line * s.out_w() + ox) * s.c, width = past(ox, s.w) - first(ox, s.w);
        const float* top = tops.at(at, s.c);
        float* to = places + at;
        std::fill_n(to, s.c, kNone);
        for (int64_t place = (past(oy, s.h) - first(oy, s.h)) * width - 1; place >= 0; --place) {
          const int64_t iy = first(oy, s.h) + place / width, ix = first(ox, s.w) + place % width;
          const float* from = maps.at(image + (iy * s.w + ix) * s.c, s.c);
          const auto number = static_cast<float>(place);
          for (int64_t c = 0; c < s.c; ++c) to[c] = from[c] == top[c] ? number : to[c];
        }
      }
    }
  });
}

// The windows along an axis that hold place `at`: first and one past the last.
int64_t first_window(int64_t at, int64_t size) { return std::max<int64_t>(0, (at + size % 2 - 1) / 2); }
int64_t past_window(int64_t at, int64_t size) { return std::min((size + 1) / 2, (at + size % 2) / 2 + 1); }

// Each pixel of dx gathers what its windows give to it.
void gather(const Pool& s, Tensor* dx, const Tensor* dy, const float* places) {
  parallel_for(s.n * s.h, kGrain / (s.w * s.c) + 1, [&](int64_t begin, int64_t end) {
    Reader gradients(dy, s.c);
    Writer writer(dx, s.c);
    for (int64_t line = begin; line < end; ++line) {
      const int64_t image = line / s.h, iy = line % s.h;
      for (int64_t ix = 0; ix < s.w; ++ix) {
        float* to = writer.begin((line * s.w + ix) * s.c, s.c);
        std::fill_n(to, s.c, 0.0f);
        for (int64_t oy = first_window(iy, s.h); oy < past_window(iy, s.h); ++oy) {
          for (int64_t ox = first_window(ix, s.w); ox < past_window(ix, s.w); ++ox) {
            const int64_t width = past(ox, s.w) - first(ox, s.w);
            const auto place = static_cast<float>((iy - first(oy, s.h)) * width + ix - first(ox, s.w));
            const int64_t at = ((image * s.out_h() + oy) * s.out_w() + ox) * s.c;
            const float* from = gradients.at(at, s.c);
            for (int64_t c = 0; c < s.c; ++c) {
              const float gradient = from[c];  // read whether wanted or not, so that the loop becomes vectors
              to[c] += places[at + c] == place ? gradient : 0.0f;
            }
          }
        }
        writer.done();
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
  const Pool s(x);
  Scratch places(y->size());
  find_places(s, x, y, places.data());
  gather(s, dx, dy, places.data());
}

}  // namespace selvage::cpu

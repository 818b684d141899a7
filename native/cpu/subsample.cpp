// P6: every second pixel of P5.
#include "check.h"
#include "selvage.h"

namespace selvage {
namespace {

// body(offset in x, offset in y) for each kept pixel; P6 is tiny, so one thread.
template <typename Body>
void for_kept(const char* op, const Tensor* x, const Tensor* y, const Body& body) {
  check_rank(op, "x", x, 4);
  const int64_t n = x->dim(0), h = x->dim(1), w = x->dim(2), channels = x->dim(3);
  const int64_t oh = (h + 1) / 2, ow = (w + 1) / 2;
  check_shape(op, "y", y, {n, oh, ow, channels});
  for (int64_t o = 0; o < n * oh * ow; ++o) {
    const int64_t line = o / ow, image = line / oh;
    body(((image * h + line % oh * 2) * w + o % ow * 2) * channels, o * channels);
  }
}

}  // namespace

void subsample(Tensor* y, const Tensor* x) {
  for_kept("subsample", x, y, [&](int64_t from, int64_t to) {
    std::copy(x->data() + from, x->data() + from + x->last(), y->data() + to);
  });
}

void subsample_grad(Tensor* dx, const Tensor* dy) {
  for_kept("subsample_grad", dx, dy, [&](int64_t to, int64_t from) {
    for (int64_t c = 0; c < dx->last(); ++c) dx->data()[to + c] += dy->data()[from + c];
  });
}

}  // namespace selvage

// P6: every second pixel of P5.
#include "ops.h"

namespace selvage::cpu {
namespace {

// body(offset in x, offset in y) for each kept pixel; P6 is tiny, so one thread.
template <typename Body>
void for_kept(const Tensor* x, const Body& body) {
  const int64_t n = x->dim(0), h = x->dim(1), w = x->dim(2), channels = x->dim(3);
  const int64_t oh = (h + 1) / 2, ow = (w + 1) / 2;
  for (int64_t o = 0; o < n * oh * ow; ++o) {
    const int64_t line = o / ow, image = line / oh;
    body(((image * h + line % oh * 2) * w + o % ow * 2) * channels, o * channels);
  }
}

}  // namespace

void subsample(Tensor* y, const Tensor* x) {
  for_kept(
      x, [&](int64_t from, int64_t to) { std::copy(x->data() + from, x->data() + from + x->last(), y->data() + to); });
}

void subsample_grad(Tensor* dx, const Tensor* dy) {
  for_kept(dx, [&](int64_t to, int64_t from) {
    for (int64_t c = 0; c < dx->last(); ++c) dx->data()[to + c] += dy->data()[from + c];
  });
}

}  // namespace selvage::cpu

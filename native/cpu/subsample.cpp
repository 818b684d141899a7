// P6: every second pixel of P5.
#include <cstring>

#include "cpu/common/floats.h"
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
  const int64_t size = bytes_of(x->type());
  for_kept(x, [&](int64_t from, int64_t to) {
    std::memcpy(y->as<char>() + to * size, x->as<char>() + from * size, x->last() * size);
  });
}

void subsample_grad(Tensor* dx, const Tensor* dy) {
  const int64_t channels = dx->last();
  Reader reader(dy, channels);
  Writer writer(dx, channels);
  for_kept(dx, [&](int64_t to, int64_t from) {
    const float* gradient = reader.at(from, channels);
    float* sum = writer.edit(to, channels);
    for (int64_t c = 0; c < channels; ++c) sum[c] += gradient[c];
    writer.done();
  });
}

}  // namespace selvage::cpu

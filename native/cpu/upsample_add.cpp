// The pyramid's top-down step: each pixel of the level above counts for four below.
#include "cpu/common/floats.h"
#include "cpu/common/parallel.h"
#include "ops.h"

namespace selvage::cpu {

void upsample_add(Tensor* y, const Tensor* top, const Tensor* lateral) {
  if (y->size() == 0) return;
  const int64_t n = top->dim(0), h = 2 * top->dim(1), w = 2 * top->dim(2), channels = top->dim(3);
  parallel_for(n * h, kGrain / (w * channels) + 1, [&](int64_t begin, int64_t end) {
    Reader tops(top, channels), laterals(lateral, channels);
    Writer writer(y, channels);
    for (int64_t line = begin; line < end; ++line) {
      for (int64_t i = 0; i < w; ++i) {
        const int64_t at = (line * w + i) * channels;
        const float* above = tops.at((line / 2 * (w / 2) + i / 2) * channels, channels);
        const float* beside = laterals.at(at, channels);
        float* to = writer.begin(at, channels);
        for (int64_t c = 0; c < channels; ++c) to[c] = beside[c] + above[c];
        writer.done();
      }
    }
  });
}

void upsample_grad(Tensor* dtop, const Tensor* dy) {
  if (dtop->size() == 0) return;
  const int64_t n = dtop->dim(0), h = dtop->dim(1), w = dtop->dim(2), channels = dtop->dim(3);
  parallel_for(n * h, kGrain / (4 * w * channels) + 1, [&](int64_t begin, int64_t end) {
    Reader uppers(dy, 2 * channels), lowers(dy, 2 * channels);
    Writer writer(dtop, channels);
    for (int64_t line = begin; line < end; ++line) {
      for (int64_t i = 0; i < w; ++i) {
        const int64_t at = (2 * line * 2 * w + 2 * i) * channels;
        const float* upper = uppers.at(at, 2 * channels);
        const float* lower = lowers.at(at + 2 * w * channels, 2 * channels);
        float* to = writer.begin((line * w + i) * channels, channels);
        for (int64_t c = 0; c < channels; ++c) {
          to[c] = (upper[c] + upper[channels + c]) + (lower[c] + lower[channels + c]);
        }
        writer.done();
      }
    }
  });
}

}  // namespace selvage::cpu

// The pyramid's top-down step: each pixel of the level above counts for four below.
#include "ops.h"
#include "parallel.h"

namespace selvage::cpu {

void upsample_add(Tensor* y, const Tensor* top, const Tensor* lateral) {
  const int64_t n = top->dim(0), h = 2 * top->dim(1), w = 2 * top->dim(2), channels = top->dim(3);
  parallel_for(n * h, kGrain / (w * channels) + 1, [&](int64_t begin, int64_t end) {
    for (int64_t line = begin; line < end; ++line) {
      for (int64_t i = 0; i < w; ++i) {
        const int64_t at = (line * w + i) * channels;
        const float* above = top->data() + (line / 2 * (w / 2) + i / 2) * channels;
        for (int64_t c = 0; c < channels; ++c) y->data()[at + c] = lateral->data()[at + c] + above[c];
      }
    }
  });
}

void upsample_grad(Tensor* dtop, const Tensor* dy) {
  const int64_t n = dtop->dim(0), h = dtop->dim(1), w = dtop->dim(2), channels = dtop->dim(3);
  parallel_for(n * h, kGrain / (4 * w * channels) + 1, [&](int64_t begin, int64_t end) {
    for (int64_t line = begin; line < end; ++line) {
      for (int64_t i = 0; i < w; ++i) {
        const float* upper = dy->data() + (2 * line * 2 * w + 2 * i) * channels;
        const float* lower = upper + 2 * w * channels;
        float* to = dtop->data() + (line * w + i) * channels;
        for (int64_t c = 0; c < channels; ++c) {
          to[c] = (upper[c] + upper[channels + c]) + (lower[c] + lower[channels + c]);
        }
      }
    }
  });
}

}  // namespace selvage::cpu

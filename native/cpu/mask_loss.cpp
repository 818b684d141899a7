// The mask loss (He et al. 2017, section 3): binary cross-entropy, averaged over all cells of
// the regions that take part.
#include <cmath>
#include <vector>

#include "cpu/common/parallel.h"
#include "ops.h"

namespace selvage::cpu {

void mask_loss(Tensor* loss, Tensor* dlogits, const Tensor* logits, const Tensor* target, const Tensor* class_ids) {
  const int64_t size = logits->size();
  if (size == 0) {
    loss->data()[0] = 0.0f;
    return;
  }
  const int64_t rois = logits->dim(0), cells = size / rois;
  const auto takes_part = [&](int64_t r) { return class_ids->data()[r] > 0; };
  int64_t n = 0;
  for (int64_t r = 0; r < rois; ++r) n += takes_part(r) ? cells : 0;
  const double limit = std::log((1 - 1e-7) / 1e-7);  // Keras clips the probability to [1e-7, 1 - 1e-7]
  constexpr int kBlocks = 64;                        // fixed, so that the sum is the same for any number of threads
  double sums[kBlocks] = {};
  for_pieces(kBlocks, [&](int64_t block) {
    const int64_t begin = size * block / kBlocks;
    for (int64_t i = begin, roi = begin / cells; i < size * (block + 1) / kBlocks; ++i) {
      roi += i == (roi + 1) * cells;
      if (!takes_part(roi)) {
        dlogits->data()[i] = 0.0f;
        continue;
      }
      const double x = logits->data()[i], t = target->data()[i];
      const double clipped = x > limit ? limit : (x < -limit ? -limit : x);
      const double tail = std::exp(-std::abs(clipped));
      sums[block] += (clipped > 0 ? clipped : 0) - clipped * t + std::log1p(tail);
      const double p = clipped >= 0 ? 1 / (1 + tail) : tail / (1 + tail);
      dlogits->data()[i] = clipped == x || std::isnan(x) ? static_cast<float>((p - t) / static_cast<double>(n)) : 0.0f;
    }
  });
  double sum = 0;
  for (double s : sums) sum += s;
  loss->data()[0] = n == 0 ? 0.0f : static_cast<float>(sum / static_cast<double>(n));
}

}  // namespace selvage::cpu

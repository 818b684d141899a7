// The mask loss (He et al. 2017, section 3): binary cross-entropy, averaged over all cells.
#include <cmath>
#include <vector>

#include "cpu/common/parallel.h"
#include "ops.h"

namespace selvage::cpu {

void mask_loss(Tensor* loss, Tensor* dlogits, const Tensor* logits, const Tensor* target) {
  const int64_t n = logits->size();
  if (n == 0) {
    loss->data()[0] = 0.0f;
    return;
  }
  const double limit = std::log((1 - 1e-7) / 1e-7);  // Keras clips the probability to [1e-7, 1 - 1e-7]
  constexpr int kBlocks = 64;                        // fixed, so that the sum is the same for any number of threads
  double sums[kBlocks] = {};
  for_pieces(kBlocks, [&](int64_t block) {
    for (int64_t i = n * block / kBlocks; i < n * (block + 1) / kBlocks; ++i) {
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
  loss->data()[0] = static_cast<float>(sum / static_cast<double>(n));
}

}  // namespace selvage::cpu

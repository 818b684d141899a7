// The box losses (Girshick 2015, equation 3).
#include <cmath>

#include "ops.h"

namespace selvage::cpu {

void smooth_l1(Tensor* loss, Tensor* dpred, const Tensor* pred, const Tensor* target) {
  const int64_t n = pred->size();
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) {
    const double d = static_cast<double>(pred->data()[i]) - target->data()[i];
    const double slope = d > -1 && d < 1 ? d : std::copysign(1.0, d);
    sum += d > -1 && d < 1 ? 0.5 * d * d : std::abs(d) - 0.5;
    dpred->data()[i] = static_cast<float>((std::isnan(d) ? d : slope) / static_cast<double>(n));
  }
  loss->data()[0] = n == 0 ? 0.0f : static_cast<float>(sum / static_cast<double>(n));
}

}  // namespace selvage::cpu

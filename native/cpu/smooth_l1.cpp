// The box losses (Girshick 2015, equation 3).
#include <cmath>

#include "check.h"
#include "selvage.h"

namespace selvage {

double smooth_l1(Tensor* dpred, const Tensor* pred, const Tensor* target) {
  check_given("smooth_l1", "pred", pred);
  check_size("smooth_l1", "target", target, pred->size());
  check_size("smooth_l1", "dpred", dpred, pred->size());
  const int64_t n = pred->size();
  double loss = 0;
  for (int64_t i = 0; i < n; ++i) {
    const double d = static_cast<double>(pred->data()[i]) - target->data()[i];
    const double slope = d > -1 && d < 1 ? d : std::copysign(1.0, d);
    loss += d > -1 && d < 1 ? 0.5 * d * d : std::abs(d) - 0.5;
    dpred->data()[i] = static_cast<float>((std::isnan(d) ? d : slope) / static_cast<double>(n));
  }
  return n == 0 ? 0.0 : loss / static_cast<double>(n);
}

}  // namespace selvage

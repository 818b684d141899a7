// The loss of the boxes: smooth L1 (Girshick 2015, equation 3).
#include <algorithm>
#include <cmath>

#include "ops.h"

namespace selvage::cpu {
namespace {

// The mean over n differences, which add() takes in order.
class SmoothL1 {
 public:
  explicit SmoothL1(int64_t n) : n_(static_cast<double>(n)) {}
  // Returns the gradient.
  float add(float pred, float target) {
    const double d = static_cast<double>(pred) - target;
    const double slope = d > -1 && d < 1 ? d : std::copysign(1.0, d);
    sum_ += d > -1 && d < 1 ? 0.5 * d * d : std::abs(d) - 0.5;
    return static_cast<float>((std::isnan(d) ? d : slope) / n_);
  }
  float mean() const { return n_ == 0 ? 0.0f : static_cast<float>(sum_ / n_); }

 private:
  double n_, sum_ = 0;
};

}  // namespace

void box_loss(Tensor* loss, Tensor* dpred, const Tensor* pred, const Tensor* target, const Tensor* class_ids) {
  const int64_t rois = pred->dim(0), classes = pred->dim(1);
  const float* const labels = class_ids->data();
  SmoothL1 terms(4 * std::count_if(labels, labels + rois, [](float label) { return label > 0; }));
  cpu::fill(dpred, 0.0f);
  for (int64_t r = 0; r < rois; ++r) {
    if (labels[r] <= 0) continue;
    const int64_t at = (r * classes + (classes == 1 ? 0 : static_cast<int64_t>(labels[r]))) * 4;
    for (int64_t k = 0; k < 4; ++k) {
      dpred->data()[at + k] += terms.add(pred->data()[at + k], target->data()[4 * r + k]);
    }
  }
  loss->data()[0] = terms.mean();
}

}  // namespace selvage::cpu

#include <cmath>
#include <cstring>

#include "cpu/common/whole_numbers.h"
#include "ops.h"

namespace selvage::cpu {

void softmax_cross_entropy(Tensor* loss, Tensor* dlogits, const Tensor* logits, const Tensor* list) {
  const int64_t rows = logits->dim(0), classes = logits->dim(1);
  const std::vector<int32_t> labels = whole_numbers(list);
  int64_t count = 0;
  for (int64_t r = 0; r < rows; ++r) count += labels[r] >= 0;
  double sum = 0;
  for (int64_t r = 0; r < rows; ++r) {
    const float* x = logits->data() + r * classes;
    float* g = dlogits->data() + r * classes;
    if (labels[r] < 0) {
      std::memset(g, 0, classes * sizeof(float));
      continue;
    }
    double highest = x[0], total = 0;
    for (int64_t c = 1; c < classes; ++c) highest = x[c] > highest ? x[c] : highest;
    for (int64_t c = 0; c < classes; ++c) total += std::exp(x[c] - highest);
    sum += std::log(total) + highest - x[labels[r]];
    for (int64_t c = 0; c < classes; ++c) {
      const double p = std::exp(x[c] - highest) / total;
      g[c] = static_cast<float>((p - (c == labels[r])) / static_cast<double>(count));
    }
  }
  loss->data()[0] = count == 0 ? 0.0f : static_cast<float>(sum / static_cast<double>(count));
}

}  // namespace selvage::cpu

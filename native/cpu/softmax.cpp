#include <cmath>

#include "cpu/common/parallel.h"
#include "ops.h"

namespace selvage::cpu {

void softmax(Tensor* y, const Tensor* x) {
  const int64_t width = x->last();
  parallel_for(x->rows(), 1024 / width + 1, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      const float* from = x->data() + r * width;
      float* to = y->data() + r * width;
      const float highest = *std::max_element(from, from + width);
      double total = 0;
      for (int64_t c = 0; c < width; ++c) total += to[c] = std::exp(from[c] - highest);
      for (int64_t c = 0; c < width; ++c) to[c] = static_cast<float>(to[c] / total);
    }
  });
}

}  // namespace selvage::cpu

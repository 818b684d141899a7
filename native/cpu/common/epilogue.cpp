#include "cpu/common/epilogue.h"

#include <cmath>

#include "cpu/common/parallel.h"

namespace selvage::cpu {

void epilogue(float* y, int64_t rows, int64_t channels, const float* bias, const float* residual, bool relu) {
  if (bias == nullptr && residual == nullptr && !relu) return;
  const float low = relu ? 0.0f : -INFINITY;
  parallel_for(rows, kGrain / channels + 1, [=](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      float* row = y + r * channels;
      if (bias != nullptr) {
        for (int64_t c = 0; c < channels; ++c) row[c] += bias[c];
      }
      if (residual != nullptr) {
        const float* other = residual + r * channels;
        for (int64_t c = 0; c < channels; ++c) row[c] += other[c];
      }
      for (int64_t c = 0; c < channels; ++c) row[c] = row[c] < low ? low : row[c];
    }
  });
}

}  // namespace selvage::cpu

// Rows of a matrix by a list of indices.
#include <cstring>

#include "ops.h"
#include "parallel.h"

namespace selvage::cpu {
void gather_rows(Tensor* y, const Tensor* x, const int32_t* rows, int64_t count) {
  const int64_t width = x->dim(1);
  parallel_for(count, kGrain / width + 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      std::memcpy(y->data() + i * width, x->data() + rows[i] * width, width * sizeof(float));
    }
  });
}

void scatter_add_rows(Tensor* x, const Tensor* y, const int32_t* rows, int64_t count) {
  const int64_t width = x->dim(1);
  for (int64_t i = 0; i < count; ++i) {  // a row may occur twice, so in order
    float* to = x->data() + rows[i] * width;
    for (int64_t c = 0; c < width; ++c) to[c] += y->data()[i * width + c];
  }
}

}  // namespace selvage::cpu

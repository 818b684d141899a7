// Rows of a matrix by a list of indices.
#include <cstring>

#include "check.h"
#include "parallel.h"
#include "selvage.h"

namespace selvage {
namespace {

void check_rows(const char* op, const Tensor* x, const Tensor* y, const int32_t* rows, int64_t count) {
  check_rank(op, "x", x, 2);
  check_shape(op, "y", y, {count, x->dim(1)});
  for (int64_t i = 0; i < count; ++i) {
    check(rows[i] >= 0 && rows[i] < x->dim(0), op,
          "rows need to be below " + std::to_string(x->dim(0)) + ", one is " + std::to_string(rows[i]));
  }
}

}  // namespace

void gather_rows(Tensor* y, const Tensor* x, const int32_t* rows, int64_t count) {
  check_rows("gather_rows", x, y, rows, count);
  const int64_t width = x->dim(1);
  cpu::parallel_for(count, cpu::kGrain / width + 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      std::memcpy(y->data() + i * width, x->data() + rows[i] * width, width * sizeof(float));
    }
  });
}

void scatter_add_rows(Tensor* x, const Tensor* y, const int32_t* rows, int64_t count) {
  check_rows("scatter_add_rows", x, y, rows, count);
  const int64_t width = x->dim(1);
  for (int64_t i = 0; i < count; ++i) {  // a row may occur twice, so in order
    float* to = x->data() + rows[i] * width;
    for (int64_t c = 0; c < width; ++c) to[c] += y->data()[i * width + c];
  }
}

}  // namespace selvage

// Rows of a matrix by a list of indices.
#include <cstring>

#include "cpu/common/floats.h"
#include "cpu/common/parallel.h"
#include "ops.h"

namespace selvage::cpu {
void gather_rows(Tensor* y, const Tensor* x, const int32_t* rows, int64_t count) {
  const int64_t width = x->dim(1), bytes = width * bytes_of(x->type());
  parallel_for(count, kGrain / width + 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      if (rows[i] < 0) continue;
      std::memcpy(y->as<char>() + i * bytes, x->as<char>() + rows[i] * bytes, bytes);
    }
  });
}

void scatter_add_rows(Tensor* x, const Tensor* y, const int32_t* rows, int64_t count) {
  const int64_t width = x->dim(1);
  Reader reader(y, width);
  Writer writer(x, width);
  for (int64_t i = 0; i < count; ++i) {  // a row may occur twice, so in order
    if (rows[i] < 0) continue;
    const float* from = reader.at(i * width, width);
    float* to = writer.edit(rows[i] * width, width);
    for (int64_t c = 0; c < width; ++c) to[c] += from[c];
    writer.done();
  }
}

}  // namespace selvage::cpu

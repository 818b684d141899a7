// Dense layers: a matrix product with bias and ReLU.
#include "cpu/common/multiply.h"
#include "ops.h"

namespace selvage::cpu {

void matmul(Tensor* y, const Tensor* a, const Tensor* b, const Tensor* bias, bool transpose_a, bool transpose_b,
            bool relu) {
  const int64_t m = a->dim(transpose_a ? 1 : 0), k = a->dim(transpose_a ? 0 : 1), n = b->dim(transpose_b ? 0 : 1);
  multiply({m, n, k, rows_of(a, a->dim(1)), transpose_a, rows_of(b, b->dim(1)), transpose_b, y->as<void>(), y->type(),
            bias == nullptr ? nullptr : bias->data(), nullptr, relu},
           transpose_a ? nullptr : b);
}

}  // namespace selvage::cpu

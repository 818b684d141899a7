// Dense layers: a matrix product with bias and ReLU.
#include "check.h"
#include "epilogue.h"
#include "gemm.h"
#include "selvage.h"

namespace selvage {

void matmul(Tensor* y, const Tensor* a, const Tensor* b, const Tensor* bias, bool transpose_a, bool transpose_b,
            bool relu) {
  check_rank("matmul", "a", a, 2);
  check_rank("matmul", "b", b, 2);
  const int64_t m = a->dim(transpose_a ? 1 : 0), k = a->dim(transpose_a ? 0 : 1), n = b->dim(transpose_b ? 0 : 1);
  check(b->dim(transpose_b ? 1 : 0) == k, "matmul",
        "b " + b->shape_text() + " needs " + std::to_string(k) + " along the inner axis, a has " + a->shape_text());
  check_shape("matmul", "y", y, {m, n});
  if (bias != nullptr) check_size("matmul", "bias", bias, n);
  cpu::gemm(transpose_a, transpose_b, m, n, k, a->data(), a->dim(1), b->data(), b->dim(1), y->data(), n, false);
  cpu::count_flops(2 * m * n * k);
  cpu::epilogue(y->data(), m, n, bias == nullptr ? nullptr : bias->data(), nullptr, relu);
}

}  // namespace selvage

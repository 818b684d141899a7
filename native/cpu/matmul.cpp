// Dense layers: a matrix product with bias and ReLU.
#include "cpu/common/epilogue.h"
#include "cpu/onednn/bf16_gemm.h"
#include "cpu/onednn/gemm.h"
#include "ops.h"

namespace selvage::cpu {

void matmul(Tensor* y, const Tensor* a, const Tensor* b, const Tensor* bias, bool transpose_a, bool transpose_b,
            bool relu) {
  if (y->type() != Type::f32 || a->type() != Type::f32 || b->type() != Type::f32) {
    bf16_gemm(transpose_a, transpose_b, y->as<void>(), y->type(), matrix(a), matrix(b),
              bias == nullptr ? nullptr : bias->data(), relu);
    return;
  }
  const int64_t m = a->dim(transpose_a ? 1 : 0), k = a->dim(transpose_a ? 0 : 1), n = b->dim(transpose_b ? 0 : 1);
  gemm(transpose_a, transpose_b, m, n, k, a->data(), a->dim(1), b->data(), b->dim(1), y->data(), n, false);
  epilogue(y->data(), m, n, bias == nullptr ? nullptr : bias->data(), nullptr, relu);
}

}  // namespace selvage::cpu

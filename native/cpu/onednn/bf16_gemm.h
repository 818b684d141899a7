// Matrix products with operands of 8 significant bits and sums in float32: oneDNN's matmul primitive.
#pragma once

#include <cstdint>

#include "tensor.h"

namespace selvage::cpu {

// A whole row-major matrix of floats or bf16, as it is stored.
struct Matrix {
  const void* data;
  Type type;
  int64_t rows, columns;
};

// A tensor of rank 2, and one of any rank as rows of `columns` elements, at least one.
inline Matrix matrix(const Tensor* t) { return {t->as<void>(), t->type(), t->dim(0), t->dim(1)}; }
inline Matrix matrix(const Tensor* t, int64_t columns) {
  return {t->as<void>(), t->type(), t->size() / columns, columns};
}

// y [m,n] of y_type = relu?(op(a) op(b) + bias [n]); floats of a and b are rounded first; bias may be null.
void bf16_gemm(bool transpose_a, bool transpose_b, void* y, Type y_type, const Matrix& a, const Matrix& b,
               const float* bias, bool relu);

}  // namespace selvage::cpu

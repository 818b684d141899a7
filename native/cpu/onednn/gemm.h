// Single-precision matrix product: oneDNN's sgemm, which unlike its primitives needs no code generated for each shape,
// so that the number of ROIs can change every step.
#pragma once

#include <cstdint>

namespace selvage::cpu {

// c [m,n] (row stride ldc) = op(a) op(b), or += if add. a is stored [m,k], or [k,m] if transposed, with row stride lda.
void gemm(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, const float* a, int64_t lda,
          const float* b, int64_t ldb, float* c, int64_t ldc, bool add);

}  // namespace selvage::cpu

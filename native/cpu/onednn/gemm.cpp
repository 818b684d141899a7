#include "cpu/onednn/gemm.h"

#include <oneapi/dnnl/dnnl.h>

#include <stdexcept>

namespace selvage::cpu {

void gemm(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, const float* a, int64_t lda,
          const float* b, int64_t ldb, float* c, int64_t ldc, bool add) {
  if (m == 0 || n == 0) return;
  const dnnl_status_t status = dnnl_sgemm(transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', m, n, k, 1.0f, a, lda, b,
                                          ldb, add ? 1.0f : 0.0f, c, ldc);
  if (status != dnnl_success) throw std::runtime_error("gemm: oneDNN refused the product");
}

}  // namespace selvage::cpu

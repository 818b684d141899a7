// float32 by AVX-512.
#define SELVAGE_LANES 16
#include "cpu/simd/product.h"
#include "cpu/simd/winograd.h"

namespace selvage::cpu {

const Kernels kAvx512Kernels = {"AVX-512", product<float>, winograd<float>, winograd_weight_grad<float>};

}  // namespace selvage::cpu

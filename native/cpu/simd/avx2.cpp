// float32 by AVX2 and FMA.
#define SELVAGE_LANES 8
#include "cpu/simd/product.h"
#include "cpu/simd/winograd.h"

namespace selvage::cpu {

const Kernels kAvx2Kernels = {"AVX2",          packed_size<float>,         pack_all<float>,
                              product<float>,  transformed_size<float>,    transform<float>,
                              winograd<float>, winograd_weight_grad<float>};

}  // namespace selvage::cpu

// float32 by AVX-512.
#define SELVAGE_LANES 16
#include "cpu/simd/product.h"
#include "cpu/simd/winograd.h"

namespace selvage::cpu {

const Kernels kAvx512Kernels = {"AVX-512",       packed_size<float>,         pack_all<float>,
                                product<float>,  transformed_size<float>,    transform<float>,
                                winograd<float>, winograd_weight_grad<float>};

}  // namespace selvage::cpu

// bf16 by AVX-512's instructions for it.
#define SELVAGE_LANES 16
#define SELVAGE_BF16
#include "cpu/simd/product.h"
#include "cpu/simd/winograd.h"

namespace selvage::cpu {

const Kernels kAvx512Bf16Kernels = {"AVX-512 with bf16", packed_size<Half>,         pack_all<Half>,
                                    product<Half>,       transformed_size<Half>,    transform<Half>,
                                    winograd<Half>,      winograd_weight_grad<Half>};

}  // namespace selvage::cpu

// float32 by the instructions that every x86-64 processor has.
#define SELVAGE_LANES 4
#include "cpu/simd/product.h"
#include "cpu/simd/winograd.h"

namespace selvage::cpu {

const Kernels kBaselineKernels = {"x86-64",        packed_size<float>,         pack_all<float>,
                                  product<float>,  transformed_size<float>,    transform<float>,
                                  winograd<float>, winograd_weight_grad<float>};

}  // namespace selvage::cpu

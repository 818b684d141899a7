#include "cpu/simd/kernels.h"

namespace selvage::cpu {

const Kernels& float_kernels() {
  static const Kernels& chosen = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                                         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")
                                     ? kAvx512Kernels
                                 : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? kAvx2Kernels
                                                                                                   : kBaselineKernels;
  return chosen;
}

const Kernels& bf16_kernels() { return kAvx512Bf16Kernels; }

}  // namespace selvage::cpu

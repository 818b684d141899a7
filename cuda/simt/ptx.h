// The CPU's side of cuda/ptx.cuh: the same functions with the lane layouts of the PTX manual (sections on cp.async,
// ldmatrix and mma). That reading has not been held against a device.
#pragma once

#include <cstdint>

namespace selvage::cuda {

// Deferred until the wait, as the hardware may do: a read too early shows. No valid source: zeros.
template <int kBytes>
void copy_async(void* shared, const void* global, bool valid);
void commit_copies();
void wait_for_copies(int newest_left);
template <int kLeft>
void wait_copies() {
  wait_for_copies(kLeft);
}

void load_matrix_x4(uint32_t (&r)[4], const void* row, int line = __builtin_LINE());
void load_matrix_x2(uint32_t (&r)[2], const void* row, int line = __builtin_LINE());
void load_matrix_x4_transposed(uint32_t (&r)[4], const void* row, int line = __builtin_LINE());
void load_matrix_x2_transposed(uint32_t (&r)[2], const void* row, int line = __builtin_LINE());

// d[j] [16,8] += a [16,16] b[j] [16,8], for each j below `count`.
void multiply_bf16(int count, float (*d)[4], const uint32_t (&a)[4], const uint32_t (*b)[2], int line);
void multiply_f16(int count, float (*d)[4], const uint32_t (&a)[4], const uint32_t (*b)[2], int line);
// a [16,8], b[j] [8,8], operands cut to tf32
void multiply_tf32(int count, float (*d)[4], const uint32_t (&a)[4], const uint32_t (*b)[2], int line);

template <int kCount>
void mma_bf16(float (&d)[kCount][4], const uint32_t (&a)[4], const uint32_t (&b)[kCount][2],
              int line = __builtin_LINE()) {
  multiply_bf16(kCount, d, a, b, line);
}
template <int kCount>
void mma_f16(float (&d)[kCount][4], const uint32_t (&a)[4], const uint32_t (&b)[kCount][2],
             int line = __builtin_LINE()) {
  multiply_f16(kCount, d, a, b, line);
}
template <int kCount>
void mma_tf32(float (&d)[kCount][4], const uint32_t (&a)[4], const uint32_t (&b)[kCount][2],
              int line = __builtin_LINE()) {
  multiply_tf32(kCount, d, a, b, line);
}
uint32_t to_tf32(float value);

}  // namespace selvage::cuda

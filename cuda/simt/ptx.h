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

// d [16,8] += a [16,16] b [16,8]
void mma_bf16(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2], int line = __builtin_LINE());
void mma_f16(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2], int line = __builtin_LINE());
uint32_t to_tf32(float value);
// d [16,8] += a [16,8] b [8,8], operands cut to tf32
void mma_tf32(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2], int line = __builtin_LINE());

}  // namespace selvage::cuda

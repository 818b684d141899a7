// The CPU's side of cuda/hopper/async.cuh, part 3: products of 64 x N x 16 by a warpgroup, with both operands in shared
// memory (PTX manual, "wgmma.mma_async"; sections on the matrix descriptor and on strides).
//
// A product is computed when a wait says that it must be done: until then its sums are NaN, and what its operands
// become in the meantime shows. Sums that a thread changes in the meantime are a violation.
#pragma once

#include <cstdint>

namespace simt {

void products_begin_block();
void products_end_block();
bool products_in_flight();  // of the running thread's warp
int64_t products_issued();  // by all warps, since the process began

struct Wgmma {
  uint64_t a, b;            // descriptors
  bool turned_a, turned_b;  // the operand's inner axis is not K, but M or N
  bool bf16;                // else f16
  int count;                // of a thread's sums, N / 2
};
void issue(const Wgmma& product, float* sums, int line);

}  // namespace simt

namespace selvage::cuda {

// Before the first product, and before one whose sums a thread has read or written.
void wgmma_fence(int line = __builtin_LINE());
void wgmma_commit(int line = __builtin_LINE());
void wait_for_products(int newest_left, int line);
template <int kLeft>
void wgmma_wait(int line = __builtin_LINE()) {
  wait_for_products(kLeft, line);
}
template <int kCount>
void keep_in_registers(float (&)[kCount]) {}

// sums += a b. Of the 64 rows a warp has 16; of these a lane has rows g and g + 8 and of each eight columns 2 t and
// 2 t + 1, with g = lane / 4 and t = lane mod 4.
template <bool kTurnedA, bool kTurnedB, int kCount>
void wgmma_bf16(float (&sums)[kCount], uint64_t a, uint64_t b, int line = __builtin_LINE()) {
  simt::issue({a, b, kTurnedA, kTurnedB, true, kCount}, sums, line);
}
template <bool kTurnedA, bool kTurnedB, int kCount>
void wgmma_f16(float (&sums)[kCount], uint64_t a, uint64_t b, int line = __builtin_LINE()) {
  simt::issue({a, b, kTurnedA, kTurnedB, false, kCount}, sums, line);
}

}  // namespace selvage::cuda

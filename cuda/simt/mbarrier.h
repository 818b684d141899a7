// The CPU's side of cuda/hopper/async.cuh, part 1: barriers in shared memory that count arrivals and bytes (PTX manual,
// "mbarrier"), and the register budget of a warpgroup. Addresses are those of the shared window.
//
// A phase ends when as many threads as were promised have arrived and all expected bytes have come. A wait for a parity
// returns once the phase of that parity has ended: at once if the present phase has the other parity.
#pragma once

#include <cstdint>

#include "shared_memory.h"

namespace simt {

struct Thread;

void mbarriers_begin_block();
void mbarriers_end_block();
bool mbarrier_passes(
    const Thread& waiting);  // whether the thread's wait is over; then it sees what the phase published
bool any_mbarrier();         // whether the block has made one

// For copies that an mbarrier counts.
struct Phase {
  uint32_t barrier, number;
};
Phase phase_of(uint32_t barrier, const char* who);
// Bytes have come that belong to that phase. Returns the mbarrier as an actor of clocks.h.
int bytes_come(const Phase& phase, int bytes);

}  // namespace simt

namespace selvage::cuda {

inline uint32_t shared_address(const void* pointer) { return simt::shared_address(pointer); }

void barrier_init(uint32_t barrier, int arrivals);
void publish_barriers();  // to the async proxy; other threads need a barrier too
void barrier_arrive(uint32_t barrier);
void barrier_arrive_expecting(uint32_t barrier, int bytes);
void barrier_wait(uint32_t barrier, uint32_t parity);
void fence_async_proxy();

template <int kRegisters>
void give_registers() {
  static_assert(kRegisters >= 24 && kRegisters <= 256 && kRegisters % 8 == 0);
}
template <int kRegisters>
void take_registers() {
  static_assert(kRegisters >= 24 && kRegisters <= 256 && kRegisters % 8 == 0);
}

}  // namespace selvage::cuda

// What the asynchronous operations, TMA's copies and wgmma, do to shared memory, by lines of 128 bytes: that none reads
// what is not there yet, and none writes what another may still read.
//
// Which of two operations comes first must follow from mbarriers and barriers (clocks.h), not from the order in which
// they happen to run here. Plain stores must be made visible to them by a fence of the async proxy. Where
// races are checked, plain accesses of the same lines are seen too, in blocks that have made an mbarrier.
#pragma once

#include <cstddef>
#include <cstdint>

namespace simt {

struct Thread;

void lines_begin_block();

// A TMA copy, issued by a thread of `warp`, to be completed with an mbarrier's phase.
void line_copy_begins(uint32_t address, size_t bytes, int warp);
void line_copy_ends(uint32_t address, size_t bytes, int barrier, uint32_t phases);

// A wgmma of `warp`, from its issue to the wait for it.
void line_product_begins(uint32_t address, int warp);
void line_product_ends(uint32_t address, int warp);

// Plain accesses.
void line_read(const Thread& thread, const void* address, size_t bytes);
void line_store(const Thread& thread, const void* address, size_t bytes);
void line_fence(int warp);  // fence.proxy.async

}  // namespace simt

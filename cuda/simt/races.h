// What the tests look at in each memory access: that its bytes lie in a living block of memory, of the device or
// shared, and, of a running thread, that it is no race in shared memory.
//
// A race is two threads at the same byte between two barriers, at least one of them writing, with no warp collective
// between them if they share a warp. Reads of bytes that no thread of the block has written, or that a cp.async has yet
// to write, are refused too. What TMA and wgmma do in shared memory is checked by async_lines.h, which plain accesses
// are reported to.
//
// Kernels are compiled with -fsanitize=thread, whose calls at each access arrive in races.cpp instead of in
// ThreadSanitizer's library, and are linked with AddressSanitizer's, which knows the blocks and ends the process with a
// report. Where kernels run unchecked, unchecked.cpp takes the place of races.cpp: its functions do nothing.
#pragma once

#include <cstddef>

namespace simt {

struct Thread;

bool races_are_checked();
void races_watch(const void* memory, size_t bytes);
void races_forget();
void races_begin_block();
void races_barrier();
void races_read(const Thread& thread, const void* address, size_t bytes);
void races_write(const Thread& thread, const void* address, size_t bytes);
void races_copy_begins(const Thread& thread, const void* address, size_t bytes);  // its end is a write
void races_filled(const void* address, size_t bytes);                             // by a TMA copy

// An access that takes no part in races.
void memory_read(const void* address, size_t bytes);
void memory_write(const void* address, size_t bytes);

}  // namespace simt

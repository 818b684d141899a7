// Races in shared memory: two threads at the same byte between two barriers, at least one of them writing, with no warp
// collective between them if they share a warp. Also reads of bytes that no thread of the block has written,
// or that a cp.async has yet to write. What TMA and wgmma do there is checked by async_lines.h, which plain accesses
// are reported to.
//
// Kernels are compiled with -fsanitize=thread, whose calls at each memory access arrive here instead of at
// ThreadSanitizer's library. Without -DSIMT_RACES these functions do nothing.
#pragma once

#include <cstddef>

namespace simt {

struct Thread;

#ifdef SIMT_RACES
void races_watch(const void* memory, size_t bytes);
void races_forget();
void races_begin_block();
void races_barrier();
void races_read(const Thread& thread, const void* address, size_t bytes);
void races_write(const Thread& thread, const void* address, size_t bytes);
void races_copy_begins(const Thread& thread, const void* address, size_t bytes);  // its end is a write
void races_filled(const void* address, size_t bytes);                             // by a TMA copy
#else
inline void races_watch(const void*, size_t) {}
inline void races_forget() {}
inline void races_begin_block() {}
inline void races_barrier() {}
inline void races_read(const Thread&, const void*, size_t) {}
inline void races_write(const Thread&, const void*, size_t) {}
inline void races_copy_begins(const Thread&, const void*, size_t) {}
inline void races_filled(const void*, size_t) {}
#endif

}  // namespace simt

// Shared memory: one exact heap block per variable, so that AddressSanitizer sees each step outside, filled with NaN
// before each CUDA block, so that nothing can lean on what it has not written.
#pragma once

#include <cstddef>
#include <cstdint>

namespace simt {

// The shared memory of one launch.
class SharedMemory {
 public:
  explicit SharedMemory(size_t dynamic_bytes);
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
};

void shared_memory_begin_block();
void shared_memory_end_block();
void shared_memory_barrier();
void* dynamic_shared();
void* static_shared(const void* site, size_t bytes);  // the same for every thread of the block, by place in the source

// Addresses in the window of shared memory, where instructions take no pointers. The dynamic memory begins at a
// multiple of 128, and of no more.
bool is_shared(const void* pointer);
uint32_t shared_address(const void* pointer);
char* shared_pointer(uint32_t address, size_t bytes);  // of bytes that lie within one variable

}  // namespace simt

// extern __shared__ T name[];
#define DYNAMIC_SHARED(T, name) T* name = static_cast<T*>(::simt::dynamic_shared())
// __shared__ variable of any type, arrays as SHARED(float[32][33], tile)
#define SHARED(T, name)              \
  using name##_type = T;             \
  static const char name##_site = 0; \
  name##_type& name = *static_cast<name##_type*>(::simt::static_shared(&name##_site, sizeof(name##_type)))

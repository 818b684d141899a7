#include "cpu/common/allocator.h"

#include <cstdlib>
#include <new>
#include <string>

#include "block_cache.h"
#include "error.h"

namespace selvage::cpu {
namespace {

constexpr int64_t kAlignment = 64;

#ifdef __SANITIZE_ADDRESS__
constexpr bool kCaching = false;
#else
constexpr bool kCaching = true;
#endif

void* fresh(int64_t bytes) {
  void* block = nullptr;
  return posix_memalign(&block, kAlignment, bytes) == 0 ? block : nullptr;
}

BlockCache cache(fresh, std::free, kAlignment, kCaching);

}  // namespace

void* allocate(int64_t bytes) {
  try {
    return cache.allocate(bytes);
  } catch (const std::bad_alloc&) {
    throw Error(ErrorKind::out_of_memory, "cpu: out of memory: expected room for " + std::to_string(bytes >> 20) +
                                              " MiB more, found none beyond the " +
                                              std::to_string(allocated_bytes() >> 20) + " MiB of this process");
  }
}
void release(void* block, int64_t bytes) { cache.release(block, bytes); }
int64_t allocated_bytes() { return cache.allocated_bytes(); }

Scratch::Scratch(int64_t count)
    : bytes_(count * static_cast<int64_t>(sizeof(float))), data_(static_cast<float*>(allocate(bytes_))) {}
Scratch::~Scratch() { release(data_, bytes_); }

}  // namespace selvage::cpu

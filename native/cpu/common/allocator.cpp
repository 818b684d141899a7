#include "cpu/common/allocator.h"

#include <sys/mman.h>

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

// Large segments lie on huge pages where the system has them: products walk over more small pages than a processor
// knows the addresses of, which took up to a third of their time. Without huge pages nothing but time is lost.
void* fresh(int64_t bytes) {
  constexpr int64_t kHugePage = 2 << 20;
  void* block = nullptr;
  if (posix_memalign(&block, bytes < kHugePage ? kAlignment : kHugePage, bytes) != 0) return nullptr;
  if (bytes >= kHugePage) madvise(block, bytes, MADV_HUGEPAGE);
  return block;
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

#include "allocations.h"

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <new>

namespace selvage::test {
namespace {

std::atomic<int64_t> left{0};
std::atomic<bool> failed{false};

bool fails() {
  if (left.load() == 0 || left.fetch_sub(1) != 1) return false;
  failed = true;
  return true;
}

void* take(size_t bytes) {
  void* memory = fails() ? nullptr : std::malloc(bytes == 0 ? 1 : bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void fail_allocation(int64_t n) {
  failed = false;
  left = n;
}

bool allocation_failed() { return failed; }

}  // namespace selvage::test

void* operator new(size_t bytes) { return selvage::test::take(bytes); }
void* operator new[](size_t bytes) { return selvage::test::take(bytes); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t) noexcept { std::free(memory); }

// The linker's --wrap sends the library's calls of posix_memalign here.
extern "C" int __real_posix_memalign(void** memory, size_t alignment, size_t bytes);
extern "C" int __wrap_posix_memalign(void** memory, size_t alignment, size_t bytes) {
  return selvage::test::fails() ? ENOMEM : __real_posix_memalign(memory, alignment, bytes);
}

#include "allocator.h"

#include <cstdlib>
#include <map>
#include <mutex>
#include <new>
#include <vector>

namespace selvage::cpu {
namespace {

constexpr int64_t kAlignment = 64;
constexpr int64_t kSmallest = 4096;

// Under AddressSanitizer every block is exact and freed at once, so that it sees each access that is out of bounds or
// late.
#ifdef __SANITIZE_ADDRESS__
constexpr bool kCaching = false;
#else
constexpr bool kCaching = true;
#endif

std::mutex mutex;
int64_t held = 0;

struct FreeBlocks {
  std::map<int64_t, std::vector<void*>> by_size;

  void drop() {
    for (auto& [bytes, blocks] : by_size) {
      for (void* block : blocks) std::free(block);
      held -= bytes * static_cast<int64_t>(blocks.size());
    }
    by_size.clear();
  }
  ~FreeBlocks() { drop(); }
};
FreeBlocks free_blocks;

// Eight classes an octave: at most 1/8 of a block is wasted, and sizes that vary from step to step still meet again.
int64_t size_class(int64_t bytes) {
  if (!kCaching) return bytes;
  int64_t octave = kSmallest;
  while (octave * 2 <= bytes) octave *= 2;
  const int64_t step = octave / 8;
  return bytes <= kSmallest ? kSmallest : (bytes + step - 1) / step * step;
}

void* take_cached(int64_t bytes) {
  const auto found = free_blocks.by_size.find(bytes);
  if (found == free_blocks.by_size.end() || found->second.empty()) return nullptr;
  void* block = found->second.back();
  found->second.pop_back();
  return block;
}

void* fresh(int64_t bytes) {
  void* block = nullptr;
  if (posix_memalign(&block, kAlignment, bytes) != 0) return nullptr;
  held += bytes;
  return block;
}

}  // namespace

void* allocate(int64_t size) {
  std::lock_guard<std::mutex> lock(mutex);
  const int64_t bytes = size_class(size);
  void* block = take_cached(bytes);
  if (block == nullptr) block = fresh(bytes);
  if (block == nullptr) {
    free_blocks.drop();
    block = fresh(bytes);
  }
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

void release(void* block, int64_t size) {
  std::lock_guard<std::mutex> lock(mutex);
  const int64_t bytes = size_class(size);
  if (kCaching) {
    free_blocks.by_size[bytes].push_back(block);
  } else {
    std::free(block);
    held -= bytes;
  }
}

int64_t held_bytes() {
  std::lock_guard<std::mutex> lock(mutex);
  return held;
}

Scratch::Scratch(int64_t count)
    : bytes_(count * static_cast<int64_t>(sizeof(float))), data_(static_cast<float*>(allocate(bytes_))) {}
Scratch::~Scratch() { release(data_, bytes_); }

}  // namespace selvage::cpu

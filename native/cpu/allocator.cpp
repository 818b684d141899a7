#include "allocator.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <list>
#include <map>
#include <mutex>
#include <new>
#include <vector>

namespace selvage::cpu {
namespace {

constexpr int64_t kAlignment = 64;
constexpr int64_t kSmallest = 4096;

// Beyond the most that was ever in use at once, 1/kSpareShare of it is kept for sizes that are needed at other moments
// (a training step wants about 0.3 of it). Without a limit every size that ever occurred would stay, and the number of
// regions varies from step to step.
constexpr int64_t kSpareShare = 2;

// Under AddressSanitizer every block is exact and freed at once, so that it sees each access that is out of bounds or
// late.
#ifdef __SANITIZE_ADDRESS__
constexpr bool kCaching = false;
#else
constexpr bool kCaching = true;
#endif

std::mutex mutex;
int64_t held = 0;         // in use or cached
int64_t in_use = 0;       // at this moment
int64_t most_in_use = 0;  // at any moment so far

// Blocks to be used again, by size, those of one size in the order of their release.
class FreeBlocks {
 public:
  ~FreeBlocks() {
    while (!empty()) drop_oldest();
  }

  bool empty() const { return by_age_.empty(); }

  void put(void* block, int64_t bytes) {
    by_age_.push_back({block, bytes});
    by_size_.emplace(bytes, std::prev(by_age_.end()));
  }

  // The one of this size that was in use last, or null.
  void* take(int64_t bytes) {
    const auto after = by_size_.upper_bound(bytes);
    if (after == by_size_.begin() || std::prev(after)->first != bytes) return nullptr;
    void* block = std::prev(after)->second->block;
    by_age_.erase(std::prev(after)->second);
    by_size_.erase(std::prev(after));
    return block;
  }

  void drop_oldest() {
    const auto [block, bytes] = by_age_.front();
    std::free(block);
    held -= bytes;
    by_size_.erase(by_size_.lower_bound(bytes));
    by_age_.pop_front();
  }

 private:
  struct Block {
    void* block;
    int64_t bytes;
  };
  std::list<Block> by_age_;
  std::multimap<int64_t, std::list<Block>::iterator> by_size_;
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
  in_use += bytes;
  most_in_use = std::max(most_in_use, in_use);
  void* block = free_blocks.take(bytes);
  if (block != nullptr) return block;
  while (held + bytes > most_in_use + most_in_use / kSpareShare && !free_blocks.empty()) free_blocks.drop_oldest();
  block = fresh(bytes);
  while (block == nullptr && !free_blocks.empty()) {
    free_blocks.drop_oldest();
    block = fresh(bytes);
  }
  if (block == nullptr) {
    in_use -= bytes;
    throw std::bad_alloc();
  }
  return block;
}

void release(void* block, int64_t size) {
  std::lock_guard<std::mutex> lock(mutex);
  const int64_t bytes = size_class(size);
  in_use -= bytes;
  if (kCaching) {
    free_blocks.put(block, bytes);
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

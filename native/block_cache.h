// Memory for tensors, in main memory or on a device: freed blocks are kept by size and used again, because fresh ones
// cost more than many an op (the system zeroes pages, a driver stops the device) and a step asks for nearly the same
// sizes as the one before.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <list>
#include <map>
#include <mutex>
#include <new>

namespace selvage {

class BlockCache {
 public:
  // Takes blocks from `fresh`, which returns null if there is no memory left, and gives them back to `drop`. Without
  // `caching` every block is exact and dropped at once, so that a sanitizer sees each access out of bounds or too late.
  BlockCache(void* (*fresh)(int64_t bytes), void (*drop)(void* block), int64_t smallest, bool caching)
      : fresh_(fresh), drop_(drop), smallest_(smallest), caching_(caching) {}
  ~BlockCache() {
    while (!by_age_.empty()) drop_oldest();
  }
  BlockCache(const BlockCache&) = delete;
  BlockCache& operator=(const BlockCache&) = delete;

  void* allocate(int64_t size) {
    std::lock_guard<std::mutex> lock(mutex_);
    const int64_t bytes = size_class(size);
    in_use_ += bytes;
    most_in_use_ = std::max(most_in_use_, in_use_);
    void* block = take(bytes);
    if (block != nullptr) return block;
    while (held_ + bytes > most_in_use_ + most_in_use_ / kSpareShare && !by_age_.empty()) drop_oldest();
    block = fresh_(bytes);
    while (block == nullptr && !by_age_.empty()) {
      drop_oldest();
      block = fresh_(bytes);
    }
    if (block == nullptr) {
      in_use_ -= bytes;
      throw std::bad_alloc();
    }
    held_ += bytes;
    return block;
  }

  void release(void* block, int64_t size) {
    std::lock_guard<std::mutex> lock(mutex_);
    const int64_t bytes = size_class(size);
    in_use_ -= bytes;
    if (caching_) {
      by_age_.push_back({block, bytes});
      by_size_.emplace(bytes, std::prev(by_age_.end()));
    } else {
      drop_(block);
      held_ -= bytes;
    }
  }

  // In use and cached.
  int64_t held_bytes() {
    std::lock_guard<std::mutex> lock(mutex_);
    return held_;
  }

 private:
  struct Block {
    void* block;
    int64_t bytes;
  };

  // Beyond the most that was ever in use at once, 1/kSpareShare of it is kept for sizes that are needed at other
  // moments (a training step wants about 0.3 of it). Without a limit every size that ever occurred would stay, and the
  // number of regions varies from step to step.
  static constexpr int64_t kSpareShare = 2;

  // Eight classes an octave: at most 1/8 of a block is wasted, and sizes that vary from step to step still meet again.
  int64_t size_class(int64_t bytes) const {
    if (!caching_) return bytes;
    int64_t octave = smallest_;
    while (octave * 2 <= bytes) octave *= 2;
    const int64_t step = octave / 8;
    return bytes <= smallest_ ? smallest_ : (bytes + step - 1) / step * step;
  }

  // The block of this size that was in use last, or null.
  void* take(int64_t bytes) {
    const auto after = by_size_.upper_bound(bytes);
    if (after == by_size_.begin() || std::prev(after)->first != bytes) return nullptr;
    void* block = std::prev(after)->second->block;
    by_age_.erase(std::prev(after)->second);
    by_size_.erase(std::prev(after));
    return block;
  }

  void drop_oldest() {
    const Block oldest = by_age_.front();
    drop_(oldest.block);
    held_ -= oldest.bytes;
    by_size_.erase(by_size_.lower_bound(oldest.bytes));
    by_age_.pop_front();
  }

  void* (*fresh_)(int64_t);
  void (*drop_)(void*);
  const int64_t smallest_;
  const bool caching_;
  std::mutex mutex_;
  int64_t held_ = 0;                                            // in use or cached
  int64_t in_use_ = 0;                                          // at this moment
  int64_t most_in_use_ = 0;                                     // at any moment so far
  std::list<Block> by_age_;                                     // since their release, oldest first
  std::multimap<int64_t, std::list<Block>::iterator> by_size_;  // those of one size by age as well
};

}  // namespace selvage

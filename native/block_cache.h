// Memory for tensors, in main memory or on a device: large segments that are cut into blocks and never given back while
// they are of use, because fresh memory costs more than many an op (the system zeroes pages, a driver stops the
// device). Blocks are split and joined rather than kept by size: the number of regions varies from step to step, and
// with it half of all sizes. What is held is then within a few percent of the most that was ever in use.
#pragma once

#include <algorithm>
#include <cstdint>
#include <exception>
#include <iterator>
#include <map>
#include <mutex>
#include <new>
#include <set>
#include <utility>

namespace selvage {

class BlockCache {
 public:
  // Takes segments from `fresh`, which returns null if there is no memory left, and gives them back to `drop`. Blocks
  // begin and end at multiples of `granule`. Without `caching` every block is exact and dropped at once, so that a
  // sanitizer sees each access out of bounds or too late.
  BlockCache(void* (*fresh)(int64_t bytes), void (*drop)(void* block), int64_t granule, bool caching)
      : fresh_(fresh), drop_(drop), granule_(granule), caching_(caching) {}
  ~BlockCache() { drop_idle(); }
  BlockCache(const BlockCache&) = delete;
  BlockCache& operator=(const BlockCache&) = delete;

  void* allocate(int64_t size) {
    std::lock_guard<std::mutex> lock(mutex_);
    const int64_t bytes = rounded(size);
    auto fit = by_size_.lower_bound({bytes, nullptr});
    if (fit == by_size_.end()) fit = add_segment(bytes);
    const auto [space, block] = *fit;
    if (space > bytes) insert(block + bytes, space - bytes);  // first, since it may throw
    remove(block, space);
    return block;
  }

  // Called while objects are destroyed, so it must not throw. Where there is no memory even for the lists of free
  // blocks, the block stays unused; a device that has failed says so at the next call.
  void release(void* pointer, int64_t size) noexcept {
    std::lock_guard<std::mutex> lock(mutex_);
    try {
      put_back(pointer, size);
    } catch (const std::exception&) {
    }
  }

  // In use and free.
  int64_t allocated_bytes() {
    std::lock_guard<std::mutex> lock(mutex_);
    return held_;
  }

 private:
  using BySize = std::set<std::pair<int64_t, char*>>;

  // A segment is an eighth of all that is held, so that their number grows with the logarithm of the memory.
  static constexpr int64_t kSmallestSegment = 16 << 20, kSegmentShare = 8;

  int64_t rounded(int64_t bytes) const {
    return caching_ ? std::max((bytes + granule_ - 1) / granule_, int64_t{1}) * granule_ : bytes;
  }

  void put_back(void* pointer, int64_t size) {
    char* block = static_cast<char*>(pointer);
    int64_t bytes = rounded(size);
    const auto after = free_.find(block + bytes);
    if (after != free_.end() && segments_.count(after->first) == 0) {
      bytes += after->second;
      remove(after->first, after->second);
    }
    const auto next = free_.lower_bound(block);
    if (next != free_.begin() && segments_.count(block) == 0) {
      const auto [before, space] = *std::prev(next);
      if (before + space == block) {
        remove(before, space);
        block = before;
        bytes += space;
      }
    }
    insert(block, bytes);
    if (!caching_) drop_idle();
  }

  // No free block is large enough: segments that are wholly free make room for one that is.
  BySize::iterator add_segment(int64_t bytes) {
    drop_idle();
    int64_t space = caching_ ? std::max({bytes, kSmallestSegment, rounded(held_ / kSegmentShare)}) : bytes;
    void* segment = fresh_(space);
    if (segment == nullptr) {
      space = bytes;
      segment = fresh_(space);
    }
    if (segment == nullptr) throw std::bad_alloc();
    auto* const block = static_cast<char*>(segment);
    try {
      segments_[block] = space;
      const auto place = insert(block, space);
      held_ += space;
      return place;
    } catch (const std::bad_alloc&) {
      segments_.erase(block);
      drop_(segment);
      throw;
    }
  }

  void drop_idle() {
    for (auto segment = segments_.begin(); segment != segments_.end();) {
      const auto [block, bytes] = *segment;
      const auto found = free_.find(block);
      if (found == free_.end() || found->second != bytes) {
        ++segment;
        continue;
      }
      remove(block, bytes);
      segment = segments_.erase(segment);
      drop_(block);
      held_ -= bytes;
    }
  }

  BySize::iterator insert(char* block, int64_t bytes) {
    const auto place = by_size_.insert({bytes, block}).first;
    try {
      free_[block] = bytes;
    } catch (const std::bad_alloc&) {
      by_size_.erase(place);
      throw;
    }
    return place;
  }

  void remove(char* block, int64_t bytes) {
    by_size_.erase({bytes, block});
    free_.erase(block);
  }

  void* (*fresh_)(int64_t);
  void (*drop_)(void*);
  const int64_t granule_;
  const bool caching_;
  std::mutex mutex_;
  int64_t held_ = 0;
  std::map<char*, int64_t> segments_;
  std::map<char*, int64_t> free_;  // no two of one segment touch
  BySize by_size_;                 // the same blocks
};

}  // namespace selvage

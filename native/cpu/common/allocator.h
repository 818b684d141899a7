// The CPU's memory for tensors, from a BlockCache.
#pragma once

#include <cstdint>

namespace selvage::cpu {

void* allocate(int64_t bytes);  // 64-byte aligned, uninitialised; throws Error of kind out_of_memory
void release(void* block, int64_t bytes);
int64_t allocated_bytes();  // in use and cached

// A float buffer for the length of one call.
class Scratch {
 public:
  explicit Scratch(int64_t count);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  float* data() { return data_; }

 private:
  int64_t bytes_;
  float* data_;
};

}  // namespace selvage::cpu

// Memory for tensors: freed blocks are kept by size class and used again, because fresh pages cost more than many an op
// (the kernel zeroes them) and a step asks for nearly the same sizes as the one before.
#pragma once

#include <cstdint>

namespace selvage::cpu {

void* allocate(int64_t bytes);  // 64-byte aligned, uninitialised; throws std::bad_alloc
void release(void* block, int64_t bytes);
int64_t held_bytes();  // in use and cached

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

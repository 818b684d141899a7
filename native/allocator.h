// Memory for tensors: freed blocks are kept by size class and used again, because fresh pages cost more than many an op
// (the kernel zeroes them) and a step asks for nearly the same sizes as the one before.
#pragma once

#include <cstdint>

namespace selvage {

float* allocate(int64_t count);  // 64-byte aligned, uninitialised; throws std::bad_alloc
void release(float* block, int64_t count);
int64_t held_bytes();  // in use and cached

}  // namespace selvage

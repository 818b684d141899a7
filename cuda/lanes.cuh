// Groups of neighbouring lanes, a power of two of them, that share the work on a short row.
#pragma once

#include "common.cuh"

namespace selvage::cuda {

inline int lanes_for(int64_t width) {
  int lanes = 1;
  while (lanes < 32 && lanes < width) lanes *= 2;
  return lanes;
}

// NaN wins, so that a row with one becomes NaN.
__device__ __forceinline__ float higher(float a, float b) { return a > b || a != a ? a : b; }

// Over the group, for each of its lanes; all lanes of the warp take part.
__device__ __forceinline__ float highest_of(float value, int lanes) {
  for (int step = lanes / 2; step > 0; step /= 2) value = higher(value, __shfl_xor_sync(kAllLanes, value, step));
  return value;
}
__device__ __forceinline__ double sum_of(double value, int lanes) {
  for (int step = lanes / 2; step > 0; step /= 2) value += __shfl_xor_sync(kAllLanes, value, step);
  return value;
}

}  // namespace selvage::cuda

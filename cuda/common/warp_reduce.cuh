// Reductions over groups of neighbouring lanes of a warp. A group is a power of two lanes that share a short row.
#pragma once

#include "common/kernel.cuh"

namespace selvage::cuda {

inline int lanes_per_row(int64_t width) {
  int lanes = 1;
  while (lanes < 32 && lanes < width) lanes *= 2;
  return lanes;
}

// NaN if either is NaN, so that a row with a NaN becomes NaN.
__device__ __forceinline__ float max_or_nan(float a, float b) { return a > b || a != a ? a : b; }

// The maximum and the sum over the group, in each of its lanes. All lanes of the warp have to call it.
__device__ __forceinline__ float warp_max(float value, int lanes) {
  for (int step = lanes / 2; step > 0; step /= 2) value = max_or_nan(value, __shfl_xor_sync(kAllLanes, value, step));
  return value;
}
__device__ __forceinline__ double warp_sum(double value, int lanes) {
  for (int step = lanes / 2; step > 0; step /= 2) value += __shfl_xor_sync(kAllLanes, value, step);
  return value;
}

}  // namespace selvage::cuda

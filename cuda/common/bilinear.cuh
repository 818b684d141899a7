// Where crop_and_resize samples along one axis: native/cpu/common/bilinear.h for the device, in the same double
// arithmetic, whose products and sums must not be fused: at the edge of a map one rounding decides whether a sample
// counts.
#pragma once

#include "common/kernel.cuh"

namespace selvage::cuda {

struct Sample {
  int low, high;  // the two places it lies between
  float share;    // of the higher one
  int inside;     // else the sample is 0
};

// Cell `cell` of `cells` (at least 2) over the normalized stretch [from,to] of an axis of `size` places.
__device__ __forceinline__ Sample sample(double from, double to, int size, int cell, int cells) {
  const double step = __dmul_rn(to - from, size - 1) / (cells - 1);
  const double at = __dadd_rn(__dmul_rn(from, size - 1), __dmul_rn(cell, step));
  if (!(at >= 0 && at <= size - 1)) return {0, 0, 0.0f, 0};  // NaN included
  const double below = floor(at);
  return {static_cast<int>(below), static_cast<int>(ceil(at)), static_cast<float>(at - below), 1};
}

}  // namespace selvage::cuda

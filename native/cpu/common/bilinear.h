// Where crop_and_resize samples along one axis.
#pragma once

#include <cmath>
#include <cstdint>

namespace selvage::cpu {

struct Sample {
  int64_t low, high;  // the two places it lies between
  float share;        // of the higher one
  bool inside;        // else the sample is 0
};

// Cell `cell` of `cells` (at least 2) over the normalized stretch [from,to] of an axis of `size` places.
inline Sample sample(double from, double to, int64_t size, int64_t cell, int64_t cells) {
  const double at = from * (size - 1) + cell * ((to - from) * (size - 1) / (cells - 1));
  if (!(at >= 0 && at <= size - 1)) return {0, 0, 0.0f, false};  // NaN included
  const double floor = std::floor(at);
  return {static_cast<int64_t>(floor), static_cast<int64_t>(std::ceil(at)), static_cast<float>(at - floor), true};
}

}  // namespace selvage::cpu

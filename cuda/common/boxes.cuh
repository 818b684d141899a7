// Arithmetic on normalized boxes (y1,x1,y2,x2): native/cpu/common/boxes.h for the device, in the same double
// arithmetic, whose products and sums must not be fused, so that ties fall as on the CPU. Only exp may differ, in its
// last place.
#pragma once

#include "common/elements.cuh"

namespace selvage::cuda {

struct Box {
  double y1, x1, y2, x2;
};

// What deltas were divided by; by value, since a kernel cannot read the host's.
struct Deviations {
  explicit Deviations(const float* d) : dy(d[0]), dx(d[1]), dh(d[2]), dw(d[3]) {}
  float dy, dx, dh, dw;
};

// Moves and scales a box by deltas (R-CNN appendix C) that were divided by the standard deviations.
__device__ __forceinline__ Box apply_deltas(const float* box, const float* delta, const Deviations& by) {
  const double h = static_cast<double>(box[2]) - box[0], w = static_cast<double>(box[3]) - box[1];
  const double down = __dmul_rn(static_cast<double>(delta[0]) * by.dy, h);
  const double right = __dmul_rn(static_cast<double>(delta[1]) * by.dx, w);
  const double cy = __dadd_rn(box[0] + 0.5 * h, down), cx = __dadd_rn(box[1] + 0.5 * w, right);
  const double new_h = __dmul_rn(h, exp(static_cast<double>(delta[2]) * by.dh));
  const double new_w = __dmul_rn(w, exp(static_cast<double>(delta[3]) * by.dw));
  return {cy - 0.5 * new_h, cx - 0.5 * new_w, cy + 0.5 * new_h, cx + 0.5 * new_w};
}

// NaN becomes the lower bound, so that a broken network gives empty boxes rather than undefined behaviour.
__device__ __forceinline__ double clip(double v, double low, double high) {
  return v > low ? (v < high ? v : high) : low;
}

__device__ __forceinline__ Box clip(const Box& b, const Box& to) {
  return {clip(b.y1, to.y1, to.y2), clip(b.x1, to.x1, to.x2), clip(b.y2, to.y1, to.y2), clip(b.x2, to.x1, to.x2)};
}

__device__ __forceinline__ bool overlaps_more(const Box& a, const Box& b, double threshold) {
  const double h = (a.y2 < b.y2 ? a.y2 : b.y2) - (a.y1 > b.y1 ? a.y1 : b.y1);
  const double w = (a.x2 < b.x2 ? a.x2 : b.x2) - (a.x1 > b.x1 ? a.x1 : b.x1);
  if (h <= 0 || w <= 0) return false;
  const double common = __dmul_rn(h, w);
  const double area_a = __dmul_rn(a.y2 - a.y1, a.x2 - a.x1), area_b = __dmul_rn(b.y2 - b.y1, b.x2 - b.x1);
  return common / (__dadd_rn(area_a, area_b) - common) > threshold;
}

}  // namespace selvage::cuda

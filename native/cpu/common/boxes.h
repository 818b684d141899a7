// Arithmetic on normalized boxes (y1,x1,y2,x2), in double so that ties fall as in the float64 reference.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace selvage::cpu {

struct Box {
  double y1, x1, y2, x2;
  double area() const { return (y2 - y1) * (x2 - x1); }
};

// Moves and scales a box by deltas (R-CNN appendix C) that were divided by the standard deviations (dy,dx,dh,dw).
inline Box apply_deltas(const float* box, const float* delta, const float* deviations) {
  const double h = static_cast<double>(box[2]) - box[0], w = static_cast<double>(box[3]) - box[1];
  const double cy = box[0] + 0.5 * h + static_cast<double>(delta[0]) * deviations[0] * h;
  const double cx = box[1] + 0.5 * w + static_cast<double>(delta[1]) * deviations[1] * w;
  const double new_h = h * std::exp(static_cast<double>(delta[2]) * deviations[2]);
  const double new_w = w * std::exp(static_cast<double>(delta[3]) * deviations[3]);
  return {cy - 0.5 * new_h, cx - 0.5 * new_w, cy + 0.5 * new_h, cx + 0.5 * new_w};
}

// NaN becomes the lower bound, so that a broken network gives empty boxes rather than undefined behaviour.
inline double clip(double v, double low, double high) { return v > low ? (v < high ? v : high) : low; }

inline Box clip(const Box& b, const Box& to) {
  return {clip(b.y1, to.y1, to.y2), clip(b.x1, to.x1, to.x2), clip(b.y2, to.y1, to.y2), clip(b.x2, to.x1, to.x2)};
}

inline bool overlaps_more(const Box& a, const Box& b, double threshold) {
  const double h = std::min(a.y2, b.y2) - std::max(a.y1, b.y1), w = std::min(a.x2, b.x2) - std::max(a.x1, b.x1);
  if (h <= 0 || w <= 0) return false;
  const double common = h * w;
  return common / (a.area() + b.area() - common) > threshold;
}

// Greedy non-maximum suppression of boxes in falling order of score: places of at most `limit` kept ones.
inline std::vector<int32_t> nms(const std::vector<Box>& boxes, double threshold, size_t limit) {
  std::vector<int32_t> kept;
  for (size_t i = 0; i < boxes.size() && kept.size() < limit; ++i) {
    bool free = true;
    for (size_t k = 0; k < kept.size() && free; ++k) free = !overlaps_more(boxes[kept[k]], boxes[i], threshold);
    if (free) kept.push_back(static_cast<int32_t>(i));
  }
  return kept;
}

}  // namespace selvage::cpu

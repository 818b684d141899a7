// The detection layer: boxes of the likeliest classes, clipped to the window, thinned by NMS class by class.
#include <cstring>
#include <map>
#include <numeric>

#include "cpu/common/boxes.h"
#include "ops.h"

namespace selvage::cpu {

void refine_detections(Tensor* y, const Tensor* rois, const Tensor* probs, const Tensor* deltas, float window_y1,
                       float window_x1, float window_y2, float window_x2, float min_confidence, float nms_threshold,
                       const float* deviations) {
  const int64_t count = probs->dim(0), classes = probs->dim(1), limit = y->dim(0);

  const Box window{window_y1, window_x1, window_y2, window_x2};
  std::vector<Box> boxes(count);
  std::vector<float> score(count);
  std::map<int64_t, std::vector<int32_t>> by_class;
  for (int64_t r = 0; r < count; ++r) {
    const float* p = probs->data() + r * classes;
    const int64_t best = std::max_element(p, p + classes) - p;
    score[r] = p[best];
    boxes[r] = clip(apply_deltas(rois->data() + 4 * r, deltas->data() + (r * classes + best) * 4, deviations), window);
    if (best > 0 && score[r] >= min_confidence) by_class[best].push_back(static_cast<int32_t>(r));
  }
  const auto before = [&](int32_t a, int32_t b) { return score[a] != score[b] ? score[a] > score[b] : a < b; };
  std::vector<std::pair<int32_t, int64_t>> kept;  // roi, class
  for (auto& [label, members] : by_class) {
    std::sort(members.begin(), members.end(), before);
    std::vector<Box> sorted(members.size());
    std::transform(members.begin(), members.end(), sorted.begin(), [&](int32_t r) { return boxes[r]; });
    for (int32_t i : nms(sorted, nms_threshold, limit)) kept.emplace_back(members[i], label);
  }
  std::sort(kept.begin(), kept.end(), [&](const auto& a, const auto& b) { return before(a.first, b.first); });
  if (static_cast<int64_t>(kept.size()) > limit) kept.resize(limit);

  std::memset(y->data(), 0, y->size() * sizeof(float));
  float* row = y->data();
  for (const auto& [r, label] : kept) {
    const float values[] = {static_cast<float>(boxes[r].y1), static_cast<float>(boxes[r].x1),
                            static_cast<float>(boxes[r].y2), static_cast<float>(boxes[r].x2),
                            static_cast<float>(label),       score[r]};
    row = std::copy(values, values + 6, row);
  }
}

}  // namespace selvage::cpu

// The proposal layer (Ren et al. 2015, section 3.3).
#include <cstring>
#include <numeric>

#include "cpu/common/boxes.h"
#include "cpu/common/parallel.h"
#include "ops.h"

namespace selvage::cpu {
namespace {

void propose_one(float* y, int64_t count, const float* logits, const float* deltas, const float* anchors,
                 int64_t anchor_count, int64_t pre_nms, double nms_threshold, const float* deviations) {
  // The probability rises with the difference of the logits, and unlike it does not saturate to equal values.
  std::vector<float> score(anchor_count);
  for (int64_t a = 0; a < anchor_count; ++a) {
    const float margin = logits[2 * a + 1] - logits[2 * a];
    score[a] = std::isnan(margin) ? -std::numeric_limits<float>::infinity() : margin;
  }
  std::vector<int32_t> order(anchor_count);
  std::iota(order.begin(), order.end(), 0);
  const auto before = [&](int32_t a, int32_t b) { return score[a] != score[b] ? score[a] > score[b] : a < b; };
  const int64_t best = std::min(pre_nms, anchor_count);
  std::nth_element(order.begin(), order.begin() + best, order.end(), before);
  order.resize(best);
  std::sort(order.begin(), order.end(), before);

  std::vector<Box> boxes(best);
  for (int64_t i = 0; i < best; ++i) {
    const int64_t a = order[i];
    boxes[i] = clip(apply_deltas(anchors + 4 * a, deltas + 4 * a, deviations), {0, 0, 1, 1});
  }
  std::memset(y, 0, count * 4 * sizeof(float));
  for (int32_t i : nms(boxes, nms_threshold, count)) {
    const Box& b = boxes[i];
    *y++ = static_cast<float>(b.y1);
    *y++ = static_cast<float>(b.x1);
    *y++ = static_cast<float>(b.y2);
    *y++ = static_cast<float>(b.x2);
  }
}

}  // namespace

void propose(Tensor* y, const Tensor* logits, const Tensor* deltas, const Tensor* anchors, int pre_nms,
             float nms_threshold, const float* deviations) {
  const int64_t images = y->dim(0), count = y->dim(1), total = anchors->dim(0);
  parallel_for(images, 1, [&](int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; ++n) {
      propose_one(y->data() + n * count * 4, count, logits->data() + n * total * 2, deltas->data() + n * total * 4,
                  anchors->data(), total, pre_nms, nms_threshold, deviations);
    }
  });
}

}  // namespace selvage::cpu

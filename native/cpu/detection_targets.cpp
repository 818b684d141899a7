// What the heads learn from (Girshick 2015, section 2.3), in double, so that ties fall as in the float64 reference.
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "cpu/common/boxes.h"
#include "ops.h"

namespace selvage::cpu {
namespace {

constexpr double kPositiveIou = 0.5;

double iou(const Box& a, const Box& b) {
  const double h = std::min(a.y2, b.y2) - std::max(a.y1, b.y1), w = std::min(a.x2, b.x2) - std::max(a.x1, b.x1);
  const double common = std::max(h, 0.0) * std::max(w, 0.0);
  const double both = a.area() + b.area() - common;
  return both == 0 ? 0 : common / both;
}

// Chooses as java.util.Random does that gives these numbers of 31 bits.
class Draws {
 public:
  Draws(const int32_t* bits, int64_t count) : bits_(bits), count_(count) {}

  // At most `wanted` of the candidates.
  std::vector<int32_t> choose(std::vector<int32_t> candidates, int64_t wanted) {
    const int32_t all = static_cast<int32_t>(candidates.size());
    const auto chosen = static_cast<int32_t>(std::min<int64_t>(wanted, all));
    for (int32_t i = 0; i < chosen; ++i) std::swap(candidates[i], candidates[i + below(all - i)]);
    candidates.resize(chosen);
    return candidates;
  }

 private:
  int32_t next() { return at_ < count_ ? bits_[at_++] : 0; }

  int32_t below(int32_t bound) {
    int32_t bits = next();
    if ((bound & (bound - 1)) == 0) return static_cast<int32_t>(static_cast<int64_t>(bound) * bits >> 31);
    // Numbers above the last multiple of the bound would make some results likelier than others.
    while (static_cast<int64_t>(bits) - bits % bound + (bound - 1) > INT32_MAX) bits = next();
    return bits % bound;
  }

  const int32_t* bits_;
  int64_t count_, at_ = 0;
};

}  // namespace

void detection_targets(Tensor* boxes, Tensor* class_ids, Tensor* deltas, Tensor* positive_boxes,
                       Tensor* positive_images, Tensor* positive_classes, Tensor* mask_indices, Tensor* mask_boxes,
                       const Tensor* proposals, const float* object_boxes, const int32_t* object_classes,
                       const int32_t* object_counts, const int32_t* draw_bits, int64_t draw_count, int image_height,
                       int image_width, double positive_ratio, const float* deviations, bool whole_masks) {
  for (Tensor* t : {boxes, class_ids, deltas, positive_boxes, positive_classes, mask_boxes}) cpu::fill(t, 0.0f);
  for (Tensor* t : {positive_images, mask_indices}) cpu::fill(t, -1.0f);
  const int64_t images = proposals->dim(0), each = proposals->dim(1), per_image = class_ids->size() / images;
  const auto most_positive = static_cast<int64_t>(static_cast<double>(per_image) * positive_ratio);
  const double height = image_height - 1, width = image_width - 1;
  Draws draws(draw_bits, draw_count);
  int64_t slot = 0;  // of the next positive
  int32_t first_object = 0;
  for (int64_t n = 0; n < images; ++n) {
    std::vector<Box> objects;
    for (int32_t g = first_object; g < first_object + object_counts[n]; ++g) {
      const float* b = object_boxes + 4 * static_cast<int64_t>(g);
      objects.push_back({b[0] / height, b[1] / width, (static_cast<double>(b[2]) - 1) / height,
                         (static_cast<double>(b[3]) - 1) / width});
    }
    std::vector<int32_t> near, far, best(each, 0);
    for (int32_t i = 0; i < each; ++i) {
      const float* b = proposals->data() + (n * each + i) * 4;
      if (b[0] == 0 && b[1] == 0 && b[2] == 0 && b[3] == 0) continue;  // padding
      const Box roi = {b[0], b[1], b[2], b[3]};
      double overlap = 0;
      for (size_t g = 0; g < objects.size(); ++g) {
        const double with_this = iou(roi, objects[g]);
        if (with_this > overlap) overlap = with_this, best[i] = static_cast<int32_t>(g);
      }
      (overlap >= kPositiveIou ? near : far).push_back(i);
    }
    const std::vector<int32_t> positive = draws.choose(std::move(near), most_positive);
    const auto positives = static_cast<int64_t>(positive.size());
    const auto both = static_cast<int64_t>(1 / positive_ratio * static_cast<double>(positives));
    const std::vector<int32_t> negative = draws.choose(std::move(far), both - positives);

    int64_t row = n * per_image;
    for (const int32_t i : positive) {
      const float* b = proposals->data() + (n * each + i) * 4;
      const Box& object = objects[best[i]];
      const double h = static_cast<double>(b[2]) - b[0], w = static_cast<double>(b[3]) - b[1];
      const double object_h = object.y2 - object.y1, object_w = object.x2 - object.x1;
      const double refinement[] = {((object.y1 + 0.5 * object_h) - (b[0] + 0.5 * h)) / h,
                                   ((object.x1 + 0.5 * object_w) - (b[1] + 0.5 * w)) / w, std::log(object_h / h),
                                   std::log(object_w / w)};
      const double from[] = {whole_masks ? 0 : object.y1, whole_masks ? 0 : object.x1};
      const double length[] = {whole_masks ? 1 : object_h, whole_masks ? 1 : object_w};
      const auto label = static_cast<float>(object_classes[first_object + best[i]]);
      for (int64_t k = 0; k < 4; ++k) {
        boxes->data()[4 * row + k] = positive_boxes->data()[4 * slot + k] = b[k];
        deltas->data()[4 * row + k] = static_cast<float>(refinement[k] / deviations[k]);
        mask_boxes->data()[4 * slot + k] = static_cast<float>((b[k] - from[k % 2]) / length[k % 2]);
      }
      class_ids->data()[row++] = positive_classes->data()[slot] = label;
      positive_images->data()[slot] = static_cast<float>(n);
      mask_indices->data()[slot++] = static_cast<float>(first_object + best[i]);
    }
    for (const int32_t i : negative) {
      std::copy_n(proposals->data() + (n * each + i) * 4, 4, boxes->data() + 4 * row++);
    }
    first_object += object_counts[n];
  }
}

}  // namespace selvage::cpu

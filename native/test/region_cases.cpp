// ROIAlign, proposals, detections and mask targets.
#include <algorithm>
#include <cmath>
#include <limits>

#include "harness.h"

namespace selvage::test {
namespace {

constexpr float kDeviations[] = {0.1f, 0.1f, 0.2f, 0.2f};

double value_at(const float* map, int64_t h, int64_t w, int64_t channels, int64_t c, double y, double x) {
  if (y < 0 || y > h - 1 || x < 0 || x > w - 1) return 0;
  const auto y0 = static_cast<int64_t>(std::floor(y)), y1 = static_cast<int64_t>(std::ceil(y));
  const auto x0 = static_cast<int64_t>(std::floor(x)), x1 = static_cast<int64_t>(std::ceil(x));
  const auto at = [&](int64_t iy, int64_t ix) { return static_cast<double>(map[(iy * w + ix) * channels + c]); };
  const double right = x - x0, down = y - y0;
  return (at(y0, x0) * (1 - right) + at(y0, x1) * right) * (1 - down) +
         (at(y1, x0) * (1 - right) + at(y1, x1) * right) * down;
}

// Four levels of a 512x512 image, two images, and regions of every size, some reaching outside.
struct Pyramid {
  static constexpr int64_t kChannels = 5;
  std::vector<Ptr> level;
  Ptr boxes = of({7, 4}, {0.1f, 0.2f, 0.15f, 0.24f, 0.3f, 0.1f, 0.6f,  0.5f, 0.0f, 0.0f, 1.0f, 1.0f, 0.2f, 0.2f,
                          0.2f, 0.2f, -0.1f, 0.5f,  0.4f, 1.2f, 0.55f, 0.1f, 0.9f, 0.2f, 0.4f, 0.4f, 0.8f, 0.8f});
  std::vector<int32_t> image_indices = {0, 1, 1, 0, 1, 0, 0};
  std::vector<int> expected_level = {2, 4, 5, 2, 4, 3, 4};

  explicit Pyramid(int seed) {
    for (int64_t side : {16, 8, 4, 2}) level.push_back(random({2, side, side, kChannels}, seed++));
  }
  void align(Tensor* y) {
    roi_align(y, level[0].get(), level[1].get(), level[2].get(), level[3].get(), boxes.get(), list(image_indices).get(),
              512, 512);
  }
};

void add_roi_align(Table& table, int64_t side) {
  const Shape shape = {7, side, side, Pyramid::kChannels};
  table.push_back({"roi_align side " + std::to_string(side), 1e-5, [=] {
                     Pyramid p(1);
                     const Ptr y = empty(shape);
                     p.align(y.get());
                     std::vector<double> expected(y->size());
                     for (int64_t o = 0; o < y->size(); ++o) {
                       const int64_t c = o % Pyramid::kChannels, cell = o / Pyramid::kChannels % (side * side);
                       const int64_t r = o / Pyramid::kChannels / (side * side);
                       const Tensor& map = *p.level[p.expected_level[r] - 2];
                       const int64_t size = map.dim(1);
                       const float* box = p.boxes->data() + 4 * r;
                       const auto at = [&](double from, double to, int64_t i) {
                         return from * (size - 1) + i * ((to - from) * (size - 1) / (side - 1));
                       };
                       expected[o] = value_at(map.data() + p.image_indices[r] * size * size * Pyramid::kChannels, size,
                                              size, Pyramid::kChannels, c, at(box[0], box[2], cell / side),
                                              at(box[1], box[3], cell % side));
                     }
                     return distance(*y, expected);
                   }});
  table.push_back({"roi_align finite differences side " + std::to_string(side), 1e-4, [=] {
                     Pyramid p(1), g(9);
                     const Ptr y = empty(shape), dy = random(shape, 20);
                     for (const Ptr& l : g.level) fill(l.get(), 0.0f);
                     roi_align_grad(g.level[0].get(), g.level[1].get(), g.level[2].get(), g.level[3].get(), dy.get(),
                                    p.boxes.get(), list(p.image_indices).get(), 512, 512);
                     const auto loss = [&] {
                       p.align(y.get());
                       return dot(*y, *dy);
                     };
                     double worst = 0;
                     for (int l = 0; l < 4; ++l)
                       worst = std::max(worst, slope_error(loss, *p.level[l], *g.level[l], 1.0f));
                     return worst;
                   }});
}

struct Targets {
  Ptr boxes, class_ids, deltas, positive_boxes, positive_images, positive_classes, mask_indices, mask_boxes;
};

// Of images of 101x101 pixels, with the seed's numbers, or without any.
Targets targets_of(const Tensor& proposals, const std::vector<float>& objects, const std::vector<int32_t>& classes,
                   const std::vector<int32_t>& counts, int64_t per_image, double ratio,
                   const std::vector<int32_t>& draws, bool whole_masks = false) {
  const int64_t images = proposals.dim(0), rois = images * per_image;
  const int64_t most = images * static_cast<int64_t>(static_cast<double>(per_image) * ratio);
  Targets t{empty({rois, 4}), empty({rois}), empty({rois, 4}), empty({most, 4}),
            empty({most}),    empty({most}), empty({most}),    empty({most, 4})};
  detection_targets(t.boxes.get(), t.class_ids.get(), t.deltas.get(), t.positive_boxes.get(), t.positive_images.get(),
                    t.positive_classes.get(), t.mask_indices.get(), t.mask_boxes.get(), &proposals, objects.data(),
                    classes.data(), counts.data(), draws.data(), static_cast<int64_t>(draws.size()), 101, 101, ratio,
                    kDeviations, whole_masks);
  return t;
}

void add_detection_targets(Table& table) {
  // Two images; of the second one, the second object's box is that of the last proposal but one.
  const std::vector<float> objects = {0, 0, 51, 51, 10, 10, 31, 31, 60, 60, 91, 91};
  const std::vector<float> proposals = {0.6f, 0.6f, 0.9f, 0.9f, 0, 0,    0.5f, 0.5f, 0.1f, 0,    0.5f, 0.5f,
                                        0,    0,    0,    0,    0, 0.1f, 0.2f, 0.3f, 0.6f, 0.6f, 0.9f, 0.9f};
  table.push_back(
      {"detection_targets: classes, deltas, frames and order", 1e-6, [=] {
         const Ptr rois = of({2, 3, 4}, proposals);
         const Targets t = targets_of(*rois, objects, {3, 4, 5}, {1, 2}, 4, 0.5, {});
         const double h = std::log(0.5 / 0.4) / 0.2f, y = -0.05 / 0.4 / 0.1f;
         return distance(*t.boxes, {0,   0,   0.5, 0.5, 0.1, 0,   0.5, 0.5, 0.6, 0.6, 0.9, 0.9, 0, 0, 0, 0,
                                    0.6, 0.6, 0.9, 0.9, 0,   0.1, 0.2, 0.3, 0,   0,   0,   0,   0, 0, 0, 0}) +
                distance(*t.class_ids, {3, 3, 0, 0, 5, 0, 0, 0}) +
                distance(*t.deltas, {0, 0, 0, 0, y, 0, h, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                     0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}) +
                distance(*t.positive_boxes, {0, 0, 0.5, 0.5, 0.1, 0, 0.5, 0.5, 0.6, 0.6, 0.9, 0.9, 0, 0, 0, 0}) +
                distance(*t.positive_images, {0, 0, 1, -1}) + distance(*t.positive_classes, {3, 3, 5, 0}) +
                distance(*t.mask_indices, {0, 0, 2, -1}) +
                distance(*t.mask_boxes, {0, 0, 1, 1, 0.2, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0});
       }});
  table.push_back({"detection_targets: whole masks lie in the frame of the image", 1e-6, [=] {
                     const Ptr rois = of({2, 3, 4}, proposals);
                     const Targets t = targets_of(*rois, objects, {3, 4, 5}, {1, 2}, 4, 0.5, {}, true);
                     return distance(*t.mask_boxes, {0, 0, 0.5, 0.5, 0.1, 0, 0.5, 0.5, 0.6, 0.6, 0.9, 0.9, 0, 0, 0, 0});
                   }});
  table.push_back(
      {"detection_targets: draws as java.util.Random", 0, [=] {
         std::vector<float> same;
         for (int i = 0; i < 5; ++i) same.insert(same.end(), {0, 0, 0.5f, 0.5f - 0.01f * static_cast<float>(i)});
         const Ptr rois = of({1, 5, 4}, same);
         // The first is rejected: beyond the last multiple of 5 below 2^31.
         const Targets t = targets_of(*rois, {0, 0, 51, 51}, {1}, {1}, 4, 1.0, {2147483645, 7, 1 << 30, 4, 2000000000});
         // 7 % 5 = 2; of 4 the upper half: 2 more; 4 % 3 = 1 more; of 2 the upper: 1 more.
         std::vector<double> order;
         for (int i : {2, 3, 1, 4}) order.insert(order.end(), {0, 0, 0.5f, 0.5f - 0.01f * static_cast<float>(i)});
         return distance(*t.boxes, order);
       }});
}

}  // namespace

void add_region_cases(Table& table) {
  add_roi_align(table, 2);
  add_roi_align(table, 7);
  table.push_back({"roi_align_grad adds", 1e-6, [] {
                     Pyramid p(1), once(3), twice(3);
                     const Ptr dy = random({7, 3, 3, Pyramid::kChannels}, 4);
                     for (const Ptr& l : once.level) fill(l.get(), 0.0f);
                     for (const Ptr& l : twice.level) fill(l.get(), 0.0f);
                     const auto grad = [&](Pyramid& to) {
                       roi_align_grad(to.level[0].get(), to.level[1].get(), to.level[2].get(), to.level[3].get(),
                                      dy.get(), p.boxes.get(), list(p.image_indices).get(), 512, 512);
                     };
                     grad(once), grad(twice), grad(twice);
                     std::vector<double> expected(once.level[2]->size());
                     for (size_t i = 0; i < expected.size(); ++i) expected[i] = 2.0 * once.level[2]->data()[i];
                     return distance(*twice.level[2], expected);
                   }});
  table.push_back({"propose: NMS, clipping, padding, ties to the lower index", 1e-6, [] {
                     const Ptr anchors = of({5, 4}, {0, 0, 0.5f, 0.5f, 0, 0.1f, 0.5f, 0.6f, 0.6f, 0.6f,
                                                     1, 1, 0.6f, 0.6f, 1, 0.9f, 0.1f, 0.7f, 0.3f, 0.9f});
                     const Ptr logits = of({1, 5, 2}, {0, 1, 0, 3, 0, 2, 0, 2, 0, 9});
                     const Ptr deltas = of({1, 5, 4}, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0});
                     const Ptr y = empty({1, 4, 4});
                     propose(y.get(), logits.get(), deltas.get(), anchors.get(), 5, 0.6f, kDeviations);
                     // Anchor 4 moves right by twice its width and is clipped; 1 beats 0; 2 beats its equal 3.
                     return distance(*y, {0.1f, 1, 0.3f, 1, 0, 0.1f, 0.5f, 0.6f, 0.6f, 0.6f, 1, 1, 0, 0, 0, 0});
                   }});
  table.push_back(
      {"propose: only the best pre_nms take part", 1e-6, [] {
         const Ptr anchors = of({3, 4}, {0, 0, 0.1f, 0.1f, 0.2f, 0.2f, 0.3f, 0.3f, 0.4f, 0.4f, 0.5f, 0.5f});
         const Ptr logits = of({1, 3, 2}, {0, 1, 0, 3, 0, 2}), deltas = random({1, 3, 4}, 1), y = empty({1, 3, 4});
         fill(deltas.get(), 0.0f);
         propose(y.get(), logits.get(), deltas.get(), anchors.get(), 2, 0.7f, kDeviations);
         return distance(*y, {0.2f, 0.2f, 0.3f, 0.3f, 0.4f, 0.4f, 0.5f, 0.5f, 0, 0, 0, 0});
       }});
  table.push_back(
      {"propose: NaN and infinity give boxes inside the image", 0, [] {
         const Ptr anchors = random({50, 4}, 1), logits = random({1, 50, 2}, 2), deltas = random({1, 50, 4}, 3);
         for (int i = 0; i < 50; i += 3) logits->data()[2 * i] = NAN;
         for (int i = 0; i < 50; i += 4) deltas->data()[4 * i + 2] = std::numeric_limits<float>::infinity();
         for (int i = 1; i < 50; i += 4) deltas->data()[4 * i] = NAN;
         const Ptr y = empty({1, 20, 4});
         propose(y.get(), logits.get(), deltas.get(), anchors.get(), 50, 0.7f, kDeviations);
         const auto inside = [](float v) { return v >= 0 && v <= 1; };
         return std::all_of(y->data(), y->data() + y->size(), inside) ? 0.0 : 1.0;
       }});
  // A box of height 0.2 and width 0.4 around (0.4,0.5): the centre moves by 0.5 heights and -0.25 widths, the height
  // doubles, the width halves, each by a deviation of its own.
  const auto moved = [](auto op) {
    const float deviations[] = {0.5f, 0.25f, 0.1f, 0.4f};
    const float double_h = std::log(2.0f) / 0.1f, half_w = std::log(0.5f) / 0.4f;
    return op(of({1, 4}, {0.3f, 0.3f, 0.5f, 0.7f}), std::vector<float>{1, -1, double_h, half_w}, deviations);
  };
  table.push_back({"propose: four deviations", 1e-6, [=] {
                     return moved([](const Ptr& anchors, const std::vector<float>& delta, const float* deviations) {
                       const Ptr logits = of({1, 1, 2}, {0, 1}), deltas = of({1, 1, 4}, delta), y = empty({1, 1, 4});
                       propose(y.get(), logits.get(), deltas.get(), anchors.get(), 1, 0.7f, deviations);
                       return distance(*y, {0.3f, 0.3f, 0.7f, 0.5f});
                     });
                   }});
  table.push_back({"refine_detections: four deviations", 1e-6, [=] {
                     return moved([](const Ptr& rois, std::vector<float> delta, const float* deviations) {
                       delta.insert(delta.begin(), 4, 0.0f);  // of the background
                       const Ptr probs = of({1, 2}, {0.25f, 0.75f}), deltas = of({1, 2, 4}, delta), y = empty({1, 6});
                       refine_detections(y.get(), rois.get(), probs.get(), deltas.get(), 0, 0, 1, 1, 0.5f, 0.3f,
                                         deviations);
                       return distance(*y, {0.3f, 0.3f, 0.7f, 0.5f, 1, 0.75f});
                     });
                   }});
  table.push_back(
      {"refine_detections: background, confidence, classes apart, window", 1e-6, [] {
         const Ptr rois =
             of({5, 4}, {0, 0, 0.5f, 0.5f, 0, 0, 0.5f, 0.55f, 0, 0, 0.5f, 0.5f, 0.2f, 0.2f, 1, 1, 0, 0, 1, 1});
         const Ptr probs =
             of({5, 3}, {0.1f, 0.8f, 0.1f, 0.05f, 0.9f, 0.05f, 0.1f, 0.1f, 0.8f, 0.3f, 0.3f, 0.4f, 0.9f, 0.05f, 0.05f});
         const Ptr deltas = random({5, 3, 4}, 1), y = empty({4, 6});
         fill(deltas.get(), 0.0f);
         refine_detections(y.get(), rois.get(), probs.get(), deltas.get(), 0, 0, 0.45f, 1, 0.5f, 0.3f, kDeviations);
         return distance(*y,
                         {0, 0, 0.45f, 0.55f, 1, 0.9f, 0, 0, 0.45f, 0.5f, 2, 0.8f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
       }});
  add_detection_targets(table);
  table.push_back({"roi_align: a region of no image is zero and passes nothing on", 0, [] {
                     Pyramid p(1), g(9);
                     std::fill(p.image_indices.begin(), p.image_indices.end(), -1);
                     const Ptr y = empty({7, 3, 3, Pyramid::kChannels}), dy = random(shape_of(*y), 4);
                     p.align(y.get());
                     for (const Ptr& l : g.level) fill(l.get(), 0.0f);
                     roi_align_grad(g.level[0].get(), g.level[1].get(), g.level[2].get(), g.level[3].get(), dy.get(),
                                    p.boxes.get(), list(p.image_indices).get(), 512, 512);
                     double sum = sum_squares(y.get());
                     for (const Ptr& l : g.level) sum += sum_squares(l.get());
                     return sum;
                   }});
  table.push_back({"mask_targets: a region of no mask is zero", 0, [] {
                     const Ptr masks = of({1, 2, 2}, {1, 1, 1, 1}), boxes = of({2, 4}, {0, 0, 1, 1, 0, 0, 1, 1});
                     const Ptr y = empty({2, 2, 2});
                     mask_targets(y.get(), masks.get(), boxes.get(), list({-1, 0}).get());
                     return distance(*y, {0, 0, 0, 0, 1, 1, 1, 1});
                   }});
  table.push_back({"mask_targets: the whole mask, a part, outside", 0, [] {
                     const Ptr masks = of({2, 2, 2}, {0, 0, 0, 0, 1, 0, 0, 1});
                     const Ptr boxes = of({3, 4}, {0, 0, 1, 1, 0, 0, 0.5f, 0.5f, 2, 2, 3, 3});
                     const Ptr mask_indices = list({1, 1, 1});
                     const Ptr y = empty({3, 3, 3});
                     mask_targets(y.get(), masks.get(), boxes.get(), mask_indices.get());
                     // Halves round to even, hence to 0, as numpy does.
                     return distance(*y,
                                     {1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
                   }});
}

}  // namespace selvage::test

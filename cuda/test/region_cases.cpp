// ROIAlign, proposals, detections and mask targets.
#include <algorithm>
#include <cmath>
#include <limits>

#include "compare_to_cpu.h"

namespace selvage::test {
namespace {

constexpr float kDeviations[] = {0.1f, 0.15f, 0.2f, 0.25f};
constexpr float kInfinity = std::numeric_limits<float>::infinity();

// Boxes of every size, mostly inside the image, some beyond it, empty, inverted, NaN or infinite.
Ptr boxes(int64_t count, int seed) {
  const Ptr raw = random({count, 4}, seed);
  Ptr y = empty({count, 4});
  for (int64_t i = 0; i < count; ++i) {
    const float* r = raw->data() + 4 * i;
    float* b = y->data() + 4 * i;
    const float size = std::pow(2.0f, -3 + 3 * r[2]);
    b[0] = 0.6f * r[0] + 0.3f, b[1] = 0.6f * r[1] + 0.3f;
    b[2] = b[0] + size, b[3] = b[1] + size * (1 + 0.5f * r[3]);
    if (i % 13 == 5) std::swap(b[0], b[2]);
    if (i % 13 == 6) b[2] = b[0];
    if (i % 13 == 7) b[3] = NAN;
    if (i % 13 == 8) b[2] = kInfinity;
    if (i % 13 == 9) b[0] = 0, b[1] = 0, b[2] = 1, b[3] = 1;
    if (i % 13 == 10) b[0] = -kInfinity, b[2] = kInfinity;
  }
  return y;
}

std::vector<int32_t> cycle(int64_t count, int32_t limit) {
  std::vector<int32_t> list(count);
  for (int64_t i = 0; i < count; ++i) list[i] = static_cast<int32_t>(i * 7 / 3 % limit);
  return list;
}

void add_roi_align(Table& table, int64_t rois, int64_t side_length, int64_t channels) {
  const Shape shape = {rois, side_length, side_length, channels};
  const auto level = [=](int l) { return Shape{2, 19 >> l, 29 >> l, channels}; };
  std::vector<int32_t> image_indices = cycle(rois, 2);
  for (int64_t i = 4; i < rois; i += 5) image_indices[i] = -1;
  add_comparison_all_types(table, "roi_align " + text(shape), 1e-6, [=](const Side& side) {
    std::vector<Ptr> maps;
    for (int l = 0; l < 4; ++l) maps.push_back(side.random(level(l), l));
    Ptr y = side.empty(shape);
    (side.gpu ? cuda::roi_align : roi_align)(y.get(), maps[0].get(), maps[1].get(), maps[2].get(), maps[3].get(),
                                             boxes(rois, 5).get(), list(image_indices).get(), 600, 700);
    return outputs(std::move(y));
  });
  add_comparison_all_types(table, "roi_align_grad adds " + text(shape), 1e-5, [=](const Side& side) {
    Outputs maps;
    for (int l = 0; l < 4; ++l) maps.push_back(side.random(level(l), l));
    (side.gpu ? cuda::roi_align_grad : roi_align_grad)(maps[0].get(), maps[1].get(), maps[2].get(), maps[3].get(),
                                                       side.random(shape, 6).get(), boxes(rois, 5).get(),
                                                       list(image_indices).get(), 600, 700);
    return maps;
  });
}

struct Proposals {
  int64_t images, anchors, count;
  int pre_nms;
  float threshold = 0.5f;
};

Ptr propose_on(const Side& side, const Proposals& p, const Tensor& logits, const Tensor& deltas,
               const Tensor& anchors) {
  Ptr y = empty({p.images, p.count, 4});
  (side.gpu ? cuda::propose : propose)(y.get(), &logits, &deltas, &anchors, p.pre_nms, p.threshold, kDeviations);
  return y;
}

void add_propose(Table& table, const Proposals& p) {
  const std::string name = "propose " + text({p.images, p.anchors}) + " best " + std::to_string(p.pre_nms) + " keep " +
                           std::to_string(p.count);
  add_comparison(table, name, 0, [=](const Side& side) {
    const Ptr logits = random({p.images, p.anchors, 2}, 1);
    return outputs(propose_on(side, p, *logits, *random({p.images, p.anchors, 4}, 2), *boxes(p.anchors, 3)));
  });
  add_comparison(table, name + " tied", 0, [=](const Side& side) {
    const Ptr logits = random({p.images, p.anchors, 2}, 1);
    for (int64_t i = 0; i < logits->size(); ++i) logits->data()[i] = std::round(2 * logits->data()[i]) * 0.0f;
    for (int64_t i = 0; i < logits->size(); i += 6) logits->data()[i] = 1;
    return outputs(propose_on(side, p, *logits, *random({p.images, p.anchors, 4}, 2), *boxes(p.anchors, 3)));
  });
}

void add_refine(Table& table, int64_t regions, int64_t classes, int64_t rows, float min_confidence) {
  const std::string name = "refine_detections " + text({regions, classes}) + " keep " + std::to_string(rows);
  for (const bool tied : {false, true}) {
    add_comparison(table, name + (tied ? " tied" : ""), 0, [=](const Side& side) {
      const Ptr probs = random({regions, classes}, 1);
      for (int64_t i = 0; i < probs->size(); ++i) {
        const float value = 0.5f * (probs->data()[i] + 1);
        probs->data()[i] = tied ? std::round(4 * value) / 4 : value;
      }
      if (classes > 2) {
        for (int64_t r = 0; r < regions; r += 11) probs->data()[r * classes + r % 3] = NAN;
      }
      Ptr y = empty({rows, 6});
      (side.gpu ? cuda::refine_detections : refine_detections)(y.get(), boxes(regions, 2).get(), probs.get(),
                                                               random({regions, classes, 4}, 3).get(), 0.05f, 0.1f,
                                                               0.9f, 0.95f, min_confidence, 0.3f, kDeviations);
      return outputs(std::move(y));
    });
  }
}

void add_mask_targets(Table& table, int64_t rois, int64_t side_length, int64_t h, int64_t w) {
  add_comparison(table, "mask_targets " + text({rois, side_length, h, w}), 0, [=](const Side& side) {
    const Ptr masks = random({3, h, w}, 1);
    for (int64_t i = 0; i < masks->size(); ++i) masks->data()[i] = masks->data()[i] > 0 ? 1.0f : 0.0f;
    Ptr y = empty({rois, side_length, side_length});
    std::vector<int32_t> mask_indices = cycle(rois, 3);
    for (int64_t i = 2; i < rois; i += 4) mask_indices[i] = -1;
    (side.gpu ? cuda::mask_targets : mask_targets)(y.get(), masks.get(), boxes(rois, 2).get(),
                                                   list(mask_indices).get());
    return outputs(std::move(y));
  });
}

struct Targets {
  std::vector<int32_t> objects;  // of each image
  int64_t proposals, per_image;
  double ratio;
  bool whole_masks = false;
};

// Proposals near the objects and far from them, some of them padding. Few draws, so that they run out; some of them are
// rejected.
void add_detection_targets(Table& table, const Targets& t) {
  const auto images = static_cast<int64_t>(t.objects.size());
  const std::string name = "detection_targets " + text({images, t.proposals, t.per_image}) + " of " +
                           std::to_string(t.ratio) + (t.whole_masks ? " whole masks" : "");
  add_comparison(table, name, 1e-6, [=](const Side& side) {
    std::vector<float> objects;
    std::vector<int32_t> classes, draws;
    const Ptr raw = random({64, 4}, 1), noise = random({images, t.proposals, 4}, 2);
    for (const int32_t count : t.objects) {
      for (int32_t i = 0; i < count; ++i) {
        const float* r = raw->data() + 4 * (classes.size() % 64);
        const float y = 100 + 90 * r[0], x = 100 + 90 * r[1];
        objects.insert(objects.end(), {y, x, y + 60 + 50 * r[2], x + 60 + 50 * r[3]});
        classes.push_back(static_cast<int32_t>(1 + classes.size() % 46));
      }
    }
    Ptr proposals = empty({images, t.proposals, 4});
    int64_t first = 0;
    for (int64_t i = 0; i < images * t.proposals; ++i) {
      const int64_t image = i / t.proposals, n = t.objects[image];
      if (i % t.proposals == 0 && image > 0) first += t.objects[image - 1];
      for (int k = 0; k < 4; ++k) {
        const float from = n == 0 ? 50 : objects[4 * (first + i % n) + k];
        const float far = i % 3 == 0 ? 10.0f : 100.0f;
        proposals->data()[4 * i + k] = i % 7 == 6 ? 0 : (from + far * noise->data()[4 * i + k]) / 319;
      }
    }
    for (int64_t i = 0; i < images * t.per_image - 3; ++i) {
      draws.push_back(i % 5 == 4 ? INT32_MAX : static_cast<int32_t>(i * 1103515245 % 2147483648));
    }
    const int64_t rois = images * t.per_image;
    const int64_t most = images * static_cast<int64_t>(static_cast<double>(t.per_image) * t.ratio);
    Ptr y = empty({rois, 4}), ids = empty({rois}), deltas = empty({rois, 4}), positives = empty({most, 4});
    Ptr image_indices = empty({most}), labels = empty({most}), masks = empty({most}), frames = empty({most, 4});
    (side.gpu ? cuda::detection_targets : detection_targets)(
        y.get(), ids.get(), deltas.get(), positives.get(), image_indices.get(), labels.get(), masks.get(), frames.get(),
        proposals.get(), objects.data(), classes.data(), t.objects.data(), draws.data(),
        static_cast<int64_t>(draws.size()), 320, 320, t.ratio, kDeviations, t.whole_masks);
    Outputs all = outputs(std::move(y), std::move(ids), std::move(deltas), std::move(positives));
    for (Ptr* more : {&image_indices, &labels, &masks, &frames}) all.push_back(std::move(*more));
    return all;
  });
}

}  // namespace

void add_region_kernel_cases(Table& table) {
  add_roi_align(table, 0, 7, 4);
  add_roi_align(table, 1, 2, 1);
  add_roi_align(table, 27, 3, 5);
  add_roi_align(table, 13, 7, 8);
  add_roi_align(table, 3, 14, 132);
  add_roi_align(table, 2, 37, 40);
  add_roi_align(table, 259, 2, 33);
  for (const int64_t anchors : {0, 1, 2, 63, 64, 65, 131}) {
    add_propose(table, {1, anchors, 17, static_cast<int>(anchors)});
  }
  // The block that selects has 1024 threads.
  add_propose(table, {1, 1023, 30, 100});
  add_propose(table, {1, 1024, 30, 1024});
  add_propose(table, {2, 1025, 40, 200});
  add_propose(table, {1, 301, 301, 301});  // boxes of one column of the suppression's words against those of later ones
  add_propose(table, {1, 37, 50, 1000});   // more wanted than there are
  add_propose(table, {1, 2051, 7, 130});
  add_propose(table, {2, 50, 60, 0});
  add_propose(table, {0, 50, 60, 10});
  add_propose(table, {2, 90, 0, 10});
  add_propose(table, {1, 300, 300, 300, 1.0f});
  add_comparison(table, "propose NaN and infinity", 0, [](const Side& side) {
    const Ptr logits = random({2, 100, 2}, 1), deltas = random({2, 100, 4}, 2);
    for (int64_t i = 0; i < logits->size(); i += 7) logits->data()[i] = NAN;
    for (int64_t i = 0; i < logits->size(); i += 11) logits->data()[i] = kInfinity;
    for (int64_t i = 0; i < logits->size(); i += 13) logits->data()[i] = -kInfinity;
    for (int64_t i = 0; i < deltas->size(); i += 17) deltas->data()[i] = kInfinity;
    for (int64_t i = 0; i < deltas->size(); i += 19) deltas->data()[i] = NAN;
    return outputs(propose_on(side, {2, 100, 50, 90}, *logits, *deltas, *boxes(100, 3)));
  });
  add_comparison(table, "refine_detections NaN and infinity", 0, [](const Side& side) {
    const Ptr probs = random({60, 5}, 1), deltas = random({60, 5, 4}, 3);
    for (int64_t i = 0; i < probs->size(); ++i) probs->data()[i] = 0.5f * (probs->data()[i] + 1);
    for (int64_t i = 0; i < deltas->size(); i += 17) deltas->data()[i] = kInfinity;
    for (int64_t i = 0; i < deltas->size(); i += 19) deltas->data()[i] = NAN;
    for (int64_t i = 0; i < deltas->size(); i += 23) deltas->data()[i] = -kInfinity;
    Ptr y = empty({50, 6});
    (side.gpu ? cuda::refine_detections : refine_detections)(y.get(), boxes(60, 2).get(), probs.get(), deltas.get(), 0,
                                                             0, 1, 1, 0.3f, 0.3f, kDeviations);
    return outputs(std::move(y));
  });
  add_refine(table, 0, 4, 5, 0.5f);
  add_refine(table, 1, 2, 3, 0);
  add_refine(table, 67, 3, 100, 0.6f);
  add_refine(table, 300, 5, 20, 0.7f);
  add_refine(table, 40, 81, 10, 0.9f);
  add_refine(table, 130, 33, 7, 2.0f);
  // Blocks of the suppression look at 64 boxes, those that rank at 256.
  for (const int64_t regions : {63, 64, 65, 255, 256, 257}) add_refine(table, regions, 3, 300, 0.1f);
  add_detection_targets(table, {{3}, 40, 20, 0.33});
  add_detection_targets(table, {{0, 5}, 7, 20, 0.5, true});
  add_detection_targets(table, {{2, 0, 9}, 33, 12, 0.33});
  add_detection_targets(table, {{1}, 0, 8, 0.33});
  add_detection_targets(table, {{1, 1}, 5, 1, 0.33});
  add_detection_targets(table, {{4, 4}, 1025, 300, 1.0});  // the block that lists has 1024 threads
  add_mask_targets(table, 0, 28, 56, 56);
  add_mask_targets(table, 1, 2, 1, 1);
  add_mask_targets(table, 14, 28, 56, 56);
  add_mask_targets(table, 27, 7, 13, 11);
}

}  // namespace selvage::test

// Proposals, detections, and what is cut out of maps and masks for them.
#include "check.h"

namespace selvage {
namespace {

void check_roi_align(const char* op, const Tensor* y, const Tensor* const (&levels)[4], const Tensor* boxes,
                     const Tensor* image_indices) {
  check_rank(op, "y", y, 4);
  const int64_t rois = y->dim(0), side = y->dim(1), channels = y->dim(3);
  check(side >= 2, op, "y " + y->shape_text() + " needs at least 2 cells a side");
  check_shape(op, "y", y, {rois, side, side, channels});
  check_shape(op, "boxes", boxes, {rois, 4});
  check_floats(op, {{"boxes", boxes}});
  const char* names[] = {"p2", "p3", "p4", "p5"};
  for (int l = 0; l < 4; ++l) {
    check_rank(op, names[l], levels[l], 4);
    check_shape(op, names[l], levels[l], {levels[0]->dim(0), levels[l]->dim(1), levels[l]->dim(2), channels});
    check_one_type(op, y, {{names[l], levels[l]}});
  }
  check_list(op, "image_indices", "images", image_indices, rois, -1, levels[0]->dim(0));
}

}  // namespace

void roi_align(Tensor* y, const Tensor* p2, const Tensor* p3, const Tensor* p4, const Tensor* p5, const Tensor* boxes,
               const Tensor* image_indices, float image_height, float image_width) {
  check_roi_align("roi_align", y, {p2, p3, p4, p5}, boxes, image_indices);
  backend().roi_align(y, p2, p3, p4, p5, boxes, image_indices, image_height, image_width);
}

void roi_align_grad(Tensor* dp2, Tensor* dp3, Tensor* dp4, Tensor* dp5, const Tensor* dy, const Tensor* boxes,
                    const Tensor* image_indices, float image_height, float image_width) {
  check_roi_align("roi_align_grad", dy, {dp2, dp3, dp4, dp5}, boxes, image_indices);
  backend().roi_align_grad(dp2, dp3, dp4, dp5, dy, boxes, image_indices, image_height, image_width);
}

void propose(Tensor* y, const Tensor* logits, const Tensor* deltas, const Tensor* anchors, int pre_nms,
             float nms_threshold, const float* deviations) {
  check_rank("propose", "anchors", anchors, 2);
  check_rank("propose", "y", y, 3);
  const int64_t images = y->dim(0), count = y->dim(1), total = anchors->dim(0);
  check_shape("propose", "anchors", anchors, {total, 4});
  check_shape("propose", "logits", logits, {images, total, 2});
  check_shape("propose", "deltas", deltas, {images, total, 4});
  check_shape("propose", "y", y, {images, count, 4});
  check_floats("propose", {{"anchors", anchors}, {"logits", logits}, {"deltas", deltas}, {"y", y}});
  check(pre_nms >= 0, "propose", "pre_nms needs to be at least 0, is " + std::to_string(pre_nms));
  backend().propose(y, logits, deltas, anchors, pre_nms, nms_threshold, deviations);
}

void refine_detections(Tensor* y, const Tensor* rois, const Tensor* probs, const Tensor* deltas, float window_y1,
                       float window_x1, float window_y2, float window_x2, float min_confidence, float nms_threshold,
                       const float* deviations) {
  check_rank("refine_detections", "probs", probs, 2);
  check_rank("refine_detections", "y", y, 2);
  const int64_t count = probs->dim(0), classes = probs->dim(1);
  check_shape("refine_detections", "rois", rois, {count, 4});
  check_shape("refine_detections", "deltas", deltas, {count, classes, 4});
  check_shape("refine_detections", "y", y, {y->dim(0), 6});
  check_floats("refine_detections", {{"rois", rois}, {"probs", probs}, {"deltas", deltas}, {"y", y}});
  backend().refine_detections(y, rois, probs, deltas, window_y1, window_x1, window_y2, window_x2, min_confidence,
                              nms_threshold, deviations);
}

void detection_targets(Tensor* boxes, Tensor* class_ids, Tensor* deltas, Tensor* positive_boxes,
                       Tensor* positive_images, Tensor* positive_classes, Tensor* mask_indices, Tensor* mask_boxes,
                       const Tensor* proposals, const float* object_boxes, const int32_t* object_classes,
                       const int32_t* object_counts, const int32_t* draws, int64_t draw_count, int image_height,
                       int image_width, double positive_ratio, const float* deviations, bool whole_masks) {
  const char* const op = "detection_targets";
  check_rank(op, "proposals", proposals, 3);
  check_not_null(op, "class_ids", class_ids);
  const int64_t images = proposals->dim(0), rois = class_ids->size();
  check_shape(op, "proposals", proposals, {images, proposals->dim(1), 4});
  check(images > 0 && rois % images == 0, op, "class_ids need as many regions of each image");
  check(positive_ratio > 0 && positive_ratio <= 1, op,
        "positive_ratio needs to be above 0 and at most 1, is " + std::to_string(positive_ratio));
  const int64_t most = images * static_cast<int64_t>(static_cast<double>(rois / images) * positive_ratio);
  check_shape(op, "boxes", boxes, {rois, 4});
  check_shape(op, "class_ids", class_ids, {rois});
  check_shape(op, "deltas", deltas, {rois, 4});
  check_shape(op, "positive_boxes", positive_boxes, {most, 4});
  check_shape(op, "positive_images", positive_images, {most});
  check_shape(op, "positive_classes", positive_classes, {most});
  check_shape(op, "mask_indices", mask_indices, {most});
  check_shape(op, "mask_boxes", mask_boxes, {most, 4});
  check_floats(op, {{"boxes", boxes},
                    {"class_ids", class_ids},
                    {"deltas", deltas},
                    {"positive_boxes", positive_boxes},
                    {"positive_images", positive_images},
                    {"positive_classes", positive_classes},
                    {"mask_indices", mask_indices},
                    {"mask_boxes", mask_boxes},
                    {"proposals", proposals}});
  check(image_height > 1 && image_width > 1, op, "the images need at least 2 x 2 pixels");
  for (int64_t i = 0; i < draw_count; ++i) {
    check(draws[i] >= 0, op, "draws need 31 bits, one is " + std::to_string(draws[i]));
  }
  backend().detection_targets(boxes, class_ids, deltas, positive_boxes, positive_images, positive_classes, mask_indices,
                              mask_boxes, proposals, object_boxes, object_classes, object_counts, draws, draw_count,
                              image_height, image_width, positive_ratio, deviations, whole_masks);
}

void mask_targets(Tensor* y, const Tensor* mini_masks, const Tensor* boxes, const Tensor* mask_indices) {
  check_rank("mask_targets", "mini_masks", mini_masks, 3);
  check_rank("mask_targets", "y", y, 3);
  const int64_t rois = y->dim(0), side = y->dim(1);
  check(side >= 2, "mask_targets", "y " + y->shape_text() + " needs at least 2 cells a side");
  check_shape("mask_targets", "y", y, {rois, side, side});
  check_shape("mask_targets", "boxes", boxes, {rois, 4});
  check_floats("mask_targets", {{"mini_masks", mini_masks}, {"boxes", boxes}, {"y", y}});
  check_list("mask_targets", "mask_indices", "masks", mask_indices, rois, -1, mini_masks->dim(0));
  backend().mask_targets(y, mini_masks, boxes, mask_indices);
}

}  // namespace selvage

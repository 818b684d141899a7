// What the mask head learns: each region's part of its object's mini mask, 0 or 1.
#include "bilinear.h"
#include "check.h"
#include "parallel.h"
#include "selvage.h"

namespace selvage {

void mask_targets(Tensor* y, const Tensor* mini_masks, const Tensor* boxes, const int32_t* mask_of, int64_t rois) {
  check_rank("mask_targets", "mini_masks", mini_masks, 3);
  check_rank("mask_targets", "y", y, 3);
  const int64_t side = y->dim(1), h = mini_masks->dim(1), w = mini_masks->dim(2);
  check(side >= 2, "mask_targets", "y " + y->shape_text() + " needs at least 2 cells a side");
  check_shape("mask_targets", "y", y, {rois, side, side});
  check_shape("mask_targets", "boxes", boxes, {rois, 4});
  for (int64_t i = 0; i < rois; ++i) {
    check(mask_of[i] >= 0 && mask_of[i] < mini_masks->dim(0), "mask_targets",
          "mask_of needs masks below " + std::to_string(mini_masks->dim(0)) + ", has " + std::to_string(mask_of[i]));
  }
  cpu::parallel_for(rois, 4, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const float* mask = mini_masks->data() + mask_of[i] * h * w;
      const float* box = boxes->data() + 4 * i;
      for (int64_t cell = 0; cell < side * side; ++cell) {
        const cpu::Sample row = cpu::sample(box[0], box[2], h, cell / side, side);
        const cpu::Sample column = cpu::sample(box[1], box[3], w, cell % side, side);
        float value = 0.0f;
        if (row.inside && column.inside) {
          const float right = column.share;
          const float top = mask[row.low * w + column.low] * (1 - right) + mask[row.low * w + column.high] * right;
          const float bottom = mask[row.high * w + column.low] * (1 - right) + mask[row.high * w + column.high] * right;
          value = std::nearbyint(top * (1 - row.share) + bottom * row.share);  // half to even, as numpy
        }
        y->data()[i * side * side + cell] = value;
      }
    }
  });
}

}  // namespace selvage

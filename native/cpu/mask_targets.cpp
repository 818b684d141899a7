// What the mask head learns: each region's part of its object's mini mask, 0 or 1.
#include "cpu/common/bilinear.h"
#include "cpu/common/parallel.h"
#include "cpu/common/whole_numbers.h"
#include "ops.h"

namespace selvage::cpu {

void mask_targets(Tensor* y, const Tensor* mini_masks, const Tensor* boxes, const Tensor* list) {
  const std::vector<int32_t> mask_indices = whole_numbers(list);
  const int64_t side = y->dim(1), h = mini_masks->dim(1), w = mini_masks->dim(2);
  parallel_for(y->dim(0), 4, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      if (mask_indices[i] < 0) {
        std::fill_n(y->data() + i * side * side, side * side, 0.0f);
        continue;
      }
      const float* mask = mini_masks->data() + mask_indices[i] * h * w;
      const float* box = boxes->data() + 4 * i;
      for (int64_t cell = 0; cell < side * side; ++cell) {
        const Sample row = sample(box[0], box[2], h, cell / side, side);
        const Sample column = sample(box[1], box[3], w, cell % side, side);
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

}  // namespace selvage::cpu

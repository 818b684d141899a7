// The RPN's two 1x1 heads: a convolution for each image and head, straight to where its anchors belong.
#include "ops.h"

namespace selvage::cpu {

void rpn_heads(Tensor* logits, Tensor* deltas, int64_t first, const Tensor* x, const Tensor* class_w,
               const Tensor* class_b, const Tensor* bbox_w, const Tensor* bbox_b) {
  const int64_t h = x->dim(1), w = x->dim(2), channels = x->dim(3), ratios = class_b->size() / 2;
  for (int64_t image = 0; image < x->dim(0); ++image) {
    const int64_t of_x[] = {1, h, w, channels}, of_logits[] = {1, h, w, 2 * ratios},
                  of_deltas[] = {1, h, w, 4 * ratios};
    const int64_t anchor = image * logits->dim(1) + first;
    const Tensor one(const_cast<Tensor*>(x), image * h * w * channels, of_x, 4);
    Tensor its_logits(logits, 2 * anchor, of_logits, 4), its_deltas(deltas, 4 * anchor, of_deltas, 4);
    cpu::conv_block(&its_logits, &one, class_w, class_b, nullptr, 1, 0, false);
    cpu::conv_block(&its_deltas, &one, bbox_w, bbox_b, nullptr, 1, 0, false);
  }
}

}  // namespace selvage::cpu

// The RPN's two 1x1 heads: a convolution for each image and head, straight to where its anchors belong.
#include <algorithm>

#include "ops.h"

namespace selvage::cpu {
namespace {

// Pixels that both heads read, one after the other: the second finds them in the caches. 4 MB where 512 channels are
// floats.
constexpr int64_t kBand = 2048;

}  // namespace

void rpn_heads(Tensor* logits, Tensor* deltas, int64_t first, const Tensor* x, const Tensor* class_w,
               const Tensor* class_b, const Tensor* bbox_w, const Tensor* bbox_b) {
  const int64_t pixels = x->dim(1) * x->dim(2), channels = x->dim(3), ratios = class_b->size() / 2;
  for (int64_t image = 0; image < x->dim(0); ++image) {
    for (int64_t begin = 0; begin < pixels; begin += kBand) {
      const int64_t count = std::min(kBand, pixels - begin);
      const int64_t of_x[] = {1, 1, count, channels}, of_logits[] = {1, 1, count, 2 * ratios},
                    of_deltas[] = {1, 1, count, 4 * ratios};
      const int64_t anchor = image * logits->dim(1) + first + begin * ratios;
      const Tensor band(const_cast<Tensor*>(x), (image * pixels + begin) * channels, of_x, 4);
      Tensor its_logits(logits, 2 * anchor, of_logits, 4), its_deltas(deltas, 4 * anchor, of_deltas, 4);
      cpu::conv_block(&its_logits, &band, class_w, class_b, nullptr, 1, 0, false);
      cpu::conv_block(&its_deltas, &band, bbox_w, bbox_b, nullptr, 1, 0, false);
    }
  }
}

}  // namespace selvage::cpu

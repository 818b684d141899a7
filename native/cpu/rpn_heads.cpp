// The RPN's two 1x1 heads as one product: the map is read once.
#include <algorithm>

#include "cpu/common/multiply.h"
#include "cpu/common/parallel.h"
#include "elements.h"
#include "ops.h"

namespace selvage::cpu {
namespace {

// Pixels of one product, whose results are in the caches when they are dealt out to both heads.
constexpr int64_t kBand = 2048;

// Matrices [rows,left] and [rows,right] side by side.
void side_by_side(float* to, const float* left, int64_t left_columns, const float* right, int64_t right_columns,
                  int64_t rows) {
  for (int64_t r = 0; r < rows; ++r) {
    to = std::copy_n(left + r * left_columns, left_columns, to);
    to = std::copy_n(right + r * right_columns, right_columns, to);
  }
}

// Elements [at,at+count) of a tensor.
void put(Tensor* t, int64_t at, const float* from, int64_t count) {
  from_floats(t->as<char>() + at * bytes_of(t->type()), t->type(), from, count);
}

}  // namespace

void rpn_heads(Tensor* logits, Tensor* deltas, int64_t first, const Tensor* x, const Tensor* class_w,
               const Tensor* class_b, const Tensor* bbox_w, const Tensor* bbox_b) {
  const int64_t pixels = x->dim(1) * x->dim(2), channels = x->dim(3), scores = class_b->size(), sides = bbox_b->size();
  const int64_t columns = scores + sides, ratios = scores / 2;
  Scratch weights(channels * columns), bias(columns), rows(kBand * columns);
  side_by_side(weights.data(), class_w->data(), scores, bbox_w->data(), sides, channels);
  side_by_side(bias.data(), class_b->data(), scores, bbox_b->data(), sides, 1);
  for (int64_t image = 0; image < x->dim(0); ++image) {
    for (int64_t begin = 0; begin < pixels; begin += kBand) {
      const int64_t count = std::min(kBand, pixels - begin);
      const auto* band = x->as<char>() + (image * pixels + begin) * channels * bytes_of(x->type());
      multiply({count,
                columns,
                channels,
                {band, x->type(), channels},
                false,
                {weights.data(), Type::f32, columns},
                false,
                rows.data(),
                Type::f32,
                bias.data(),
                nullptr,
                false});
      const int64_t anchor = image * logits->dim(1) + first + begin * ratios;
      parallel_for(count, kGrain / columns + 1, [&](int64_t from, int64_t to) {
        for (int64_t pixel = from; pixel < to; ++pixel) {
          const float* row = rows.data() + pixel * columns;
          put(logits, 2 * (anchor + pixel * ratios), row, scores);
          put(deltas, 4 * (anchor + pixel * ratios), row + scores, sides);
        }
      });
    }
  }
}

}  // namespace selvage::cpu

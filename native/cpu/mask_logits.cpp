// The mask head's last 1x1 convolution for one class a region: one of K channels is all that loss and result look at.
#include <vector>

#include "check.h"
#include "gemm.h"
#include "parallel.h"
#include "selvage.h"

namespace selvage {
namespace {

struct Head {
  int64_t rois, cells, channels, classes;
};

Head shape_of(const char* op, const Tensor* y, const Tensor* x, const Tensor* w, const int32_t* class_of,
              int64_t rois) {
  check_rank(op, "x", x, 4);
  check_rank(op, "w", w, 4);
  const Head s{rois, x->dim(1) * x->dim(2), x->dim(3), w->dim(3)};
  check_shape(op, "x", x, {rois, x->dim(1), x->dim(2), s.channels});
  check_shape(op, "w", w, {1, 1, s.channels, s.classes});
  check_shape(op, "y", y, {rois, x->dim(1), x->dim(2)});
  for (int64_t i = 0; i < rois; ++i) {
    check(class_of[i] >= 0 && class_of[i] < s.classes, op,
          "class_of needs classes below " + std::to_string(s.classes) + ", has " + std::to_string(class_of[i]));
  }
  return s;
}

// Column `label` of w, contiguous.
std::vector<float> column(const Head& s, const Tensor* w, int32_t label) {
  std::vector<float> values(s.channels);
  for (int64_t c = 0; c < s.channels; ++c) values[c] = w->data()[c * s.classes + label];
  return values;
}

}  // namespace

void mask_logits(Tensor* y, const Tensor* x, const Tensor* w, const Tensor* b, const int32_t* class_of, int64_t rois) {
  const Head s = shape_of("mask_logits", y, x, w, class_of, rois);
  check_size("mask_logits", "b", b, s.classes);
  cpu::parallel_for(rois, 1, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      const std::vector<float> weights = column(s, w, class_of[r]);
      const float* from = x->data() + r * s.cells * s.channels;
      for (int64_t i = 0; i < s.cells; ++i, from += s.channels) {
        float lanes[8] = {};
        int64_t c = 0;
        for (; c + 8 <= s.channels; c += 8) {
          for (int k = 0; k < 8; ++k) lanes[k] += from[c + k] * weights[c + k];
        }
        for (; c < s.channels; ++c) lanes[0] += from[c] * weights[c];
        const float half = (lanes[0] + lanes[4]) + (lanes[1] + lanes[5]);
        y->data()[r * s.cells + i] = half + ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7])) + b->data()[class_of[r]];
      }
    }
  });
  cpu::count_flops(2 * rois * s.cells * s.channels);
}

void mask_logits_grad(Tensor* dx, Tensor* dw, Tensor* db, const Tensor* dy, const Tensor* x, const Tensor* w,
                      const int32_t* class_of, int64_t rois) {
  const Head s = shape_of("mask_logits_grad", dy, x, w, class_of, rois);
  check_same("mask_logits_grad", "dx", dx, x);
  check_same("mask_logits_grad", "dw", dw, w);
  check_size("mask_logits_grad", "db", db, s.classes);
  Scratch dcolumns(rois * s.channels);  // each region's share of its class' column of dw
  std::vector<double> dbias(rois, 0.0);
  cpu::parallel_for(rois, 1, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      const std::vector<float> weights = column(s, w, class_of[r]);
      float* dcolumn = dcolumns.data() + r * s.channels;
      std::fill(dcolumn, dcolumn + s.channels, 0.0f);
      for (int64_t i = 0; i < s.cells; ++i) {
        const float g = dy->data()[r * s.cells + i];
        const float* from = x->data() + (r * s.cells + i) * s.channels;
        float* to = dx->data() + (r * s.cells + i) * s.channels;
        dbias[r] += g;
        for (int64_t c = 0; c < s.channels; ++c) {
          to[c] = g * weights[c];
          dcolumn[c] += g * from[c];
        }
      }
    }
  });
  fill(dw, 0.0f);
  fill(db, 0.0f);
  for (int64_t r = 0; r < rois; ++r) {
    for (int64_t c = 0; c < s.channels; ++c) {
      dw->data()[c * s.classes + class_of[r]] += dcolumns.data()[r * s.channels + c];
    }
    db->data()[class_of[r]] += static_cast<float>(dbias[r]);
  }
  cpu::count_flops(4 * rois * s.cells * s.channels);
}

}  // namespace selvage

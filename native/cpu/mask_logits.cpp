// The mask head's last 1x1 convolution for one class a region: one of K channels is all that loss and result look at.
#include <vector>

#include "cpu/common/floats.h"
#include "cpu/common/parallel.h"
#include "cpu/common/whole_numbers.h"
#include "ops.h"

namespace selvage::cpu {
namespace {

struct Head {
  int64_t rois, cells, channels, classes;
};

Head shape_of(const Tensor* x, const Tensor* w) { return {x->dim(0), x->dim(1) * x->dim(2), x->dim(3), w->dim(3)}; }

// Column `label` of w, contiguous.
std::vector<float> column(const Head& s, const Tensor* w, int32_t label) {
  std::vector<float> values(s.channels);
  for (int64_t c = 0; c < s.channels; ++c) values[c] = w->data()[c * s.classes + label];
  return values;
}

}  // namespace

void mask_logits(Tensor* y, const Tensor* x, const Tensor* w, const Tensor* b, const Tensor* list) {
  const Head s = shape_of(x, w);
  const int64_t rois = s.rois;
  const std::vector<int32_t> class_ids = whole_numbers(list);
  parallel_for(rois, 1, [&](int64_t begin, int64_t end) {
    Reader reader(x, s.channels);
    for (int64_t r = begin; r < end; ++r) {
      const std::vector<float> weights = column(s, w, class_ids[r]);
      for (int64_t i = 0; i < s.cells; ++i) {
        const float* from = reader.at((r * s.cells + i) * s.channels, s.channels);
        float lanes[8] = {};
        int64_t c = 0;
        for (; c + 8 <= s.channels; c += 8) {
          for (int k = 0; k < 8; ++k) lanes[k] += from[c + k] * weights[c + k];
        }
        for (; c < s.channels; ++c) lanes[0] += from[c] * weights[c];
        const float half = (lanes[0] + lanes[4]) + (lanes[1] + lanes[5]);
        y->data()[r * s.cells + i] = half + ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7])) + b->data()[class_ids[r]];
      }
    }
  });
}

void mask_logits_grad(Tensor* dx, Tensor* dw, Tensor* db, const Tensor* dy, const Tensor* x, const Tensor* w,
                      const Tensor* list) {
  const Head s = shape_of(x, w);
  const int64_t rois = s.rois;
  const std::vector<int32_t> class_ids = whole_numbers(list);
  Scratch dcolumns(rois * s.channels);  // each region's share of its class' column of dw
  std::vector<double> dbias(rois, 0.0);
  parallel_for(rois, 1, [&](int64_t begin, int64_t end) {
    Reader reader(x, s.channels);
    Writer writer(dx, s.channels);
    for (int64_t r = begin; r < end; ++r) {
      const std::vector<float> weights = column(s, w, class_ids[r]);
      float* dcolumn = dcolumns.data() + r * s.channels;
      std::fill(dcolumn, dcolumn + s.channels, 0.0f);
      for (int64_t i = 0; i < s.cells; ++i) {
        const float g = dy->data()[r * s.cells + i];
        const float* from = reader.at((r * s.cells + i) * s.channels, s.channels);
        float* to = writer.begin((r * s.cells + i) * s.channels, s.channels);
        dbias[r] += g;
        for (int64_t c = 0; c < s.channels; ++c) {
          to[c] = g * weights[c];
          dcolumn[c] += g * from[c];
        }
        writer.done();
      }
    }
  });
  cpu::fill(dw, 0.0f);
  cpu::fill(db, 0.0f);
  for (int64_t r = 0; r < rois; ++r) {
    for (int64_t c = 0; c < s.channels; ++c) {
      dw->data()[c * s.classes + class_ids[r]] += dcolumns.data()[r * s.channels + c];
    }
    db->data()[class_ids[r]] += static_cast<float>(dbias[r]);
  }
}

}  // namespace selvage::cpu

// 2x2 transposed convolution of stride 2: windows do not overlap, so it is a 1x1 convolution to four outputs a pixel.
#include <cmath>
#include <vector>

#include "conv_shape.h"
#include "gemm.h"
#include "ops.h"
#include "parallel.h"

namespace selvage::cpu {
namespace {

// Visits every (row of the product [rows,4 out], its pixel of y): body(row, tap, y offset).
template <typename Body>
void for_pixels(const DeconvShape& s, const Body& body) {
  parallel_for(s.rows(), kGrain / (4 * s.out) + 1, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      const int64_t line = row / s.w, column = row % s.w;
      for (int64_t tap = 0; tap < 4; ++tap) {
        body(row, tap, ((2 * line + tap / 2) * 2 * s.w + 2 * column + tap % 2) * s.out);
      }
    }
  });
}

// dy [N,2H,2W,O] as rows [N H W,4 O]
void to_rows(const DeconvShape& s, float* rows, const float* dy) {
  for_pixels(s, [&](int64_t row, int64_t tap, int64_t offset) {
    std::copy(dy + offset, dy + offset + s.out, rows + (row * 4 + tap) * s.out);
  });
}

}  // namespace

void deconv2x2(Tensor* y, const Tensor* x, const Tensor* w, const Tensor* b, bool relu) {
  const DeconvShape s(x, w);
  Scratch rows(s.rows() * 4 * s.out);
  gemm(false, true, s.rows(), 4 * s.out, s.in, x->data(), s.in, w->data(), s.in, rows.data(), 4 * s.out, false);
  const float low = relu ? 0.0f : -INFINITY;
  for_pixels(s, [&](int64_t row, int64_t tap, int64_t offset) {
    const float* from = rows.data() + (row * 4 + tap) * s.out;
    float* to = y->data() + offset;
    for (int64_t c = 0; c < s.out; ++c) to[c] = from[c] + b->data()[c] < low ? low : from[c] + b->data()[c];
  });
}

void deconv2x2_data_grad(Tensor* dx, const Tensor* dy, const Tensor* w) {
  const DeconvShape s(dx, w);
  Scratch rows(s.rows() * 4 * s.out);
  to_rows(s, rows.data(), dy->data());
  gemm(false, false, s.rows(), s.in, 4 * s.out, rows.data(), 4 * s.out, w->data(), s.in, dx->data(), s.in, false);
}

void deconv2x2_weight_grad(Tensor* dw, Tensor* db, const Tensor* x, const Tensor* dy) {
  const DeconvShape s(x, dw);
  cpu::sum_rows(db, dy);
  Scratch rows(s.rows() * 4 * s.out);
  to_rows(s, rows.data(), dy->data());
  gemm(true, false, 4 * s.out, s.in, s.rows(), rows.data(), 4 * s.out, x->data(), s.in, dw->data(), s.in, false);
}

}  // namespace selvage::cpu

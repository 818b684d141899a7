// 2x2 transposed convolution of stride 2: windows do not overlap, so it is a 1x1 convolution to four outputs a pixel.
#include <cmath>
#include <vector>

#include "check.h"
#include "gemm.h"
#include "parallel.h"
#include "selvage.h"

namespace selvage {
namespace {

using cpu::kGrain;
using cpu::parallel_for;

struct Deconv {
  int64_t n, h, w, in, out;
  int64_t rows() const { return n * h * w; }
};

Deconv shape_of(const char* op, const Tensor* x, const Tensor* w, const Tensor* y) {
  check_rank(op, "x", x, 4);
  check_rank(op, "w", w, 4);
  const Deconv s{x->dim(0), x->dim(1), x->dim(2), x->dim(3), w->dim(2)};
  check_shape(op, "w", w, {2, 2, s.out, s.in});
  check_shape(op, "y", y, {s.n, 2 * s.h, 2 * s.w, s.out});
  return s;
}

// Visits every (row of the product [rows,4 out], its pixel of y): body(row, tap, y offset).
template <typename Body>
void for_pixels(const Deconv& s, const Body& body) {
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
void to_rows(const Deconv& s, float* rows, const float* dy) {
  for_pixels(s, [&](int64_t row, int64_t tap, int64_t offset) {
    std::copy(dy + offset, dy + offset + s.out, rows + (row * 4 + tap) * s.out);
  });
}

}  // namespace

void deconv2x2(Tensor* y, const Tensor* x, const Tensor* w, const Tensor* b, bool relu) {
  const Deconv s = shape_of("deconv2x2", x, w, y);
  check_size("deconv2x2", "b", b, s.out);
  Scratch rows(s.rows() * 4 * s.out);
  cpu::gemm(false, true, s.rows(), 4 * s.out, s.in, x->data(), s.in, w->data(), s.in, rows.data(), 4 * s.out, false);
  cpu::count_flops(2 * s.rows() * 4 * s.out * s.in);
  const float low = relu ? 0.0f : -INFINITY;
  for_pixels(s, [&](int64_t row, int64_t tap, int64_t offset) {
    const float* from = rows.data() + (row * 4 + tap) * s.out;
    float* to = y->data() + offset;
    for (int64_t c = 0; c < s.out; ++c) to[c] = from[c] + b->data()[c] < low ? low : from[c] + b->data()[c];
  });
}

void deconv2x2_data_grad(Tensor* dx, const Tensor* dy, const Tensor* w) {
  const Deconv s = shape_of("deconv2x2_data_grad", dx, w, dy);
  Scratch rows(s.rows() * 4 * s.out);
  to_rows(s, rows.data(), dy->data());
  cpu::gemm(false, false, s.rows(), s.in, 4 * s.out, rows.data(), 4 * s.out, w->data(), s.in, dx->data(), s.in, false);
  cpu::count_flops(2 * s.rows() * 4 * s.out * s.in);
}

void deconv2x2_weight_grad(Tensor* dw, Tensor* db, const Tensor* x, const Tensor* dy) {
  const Deconv s = shape_of("deconv2x2_weight_grad", x, dw, dy);
  check_size("deconv2x2_weight_grad", "db", db, s.out);
  sum_rows(db, dy);
  Scratch rows(s.rows() * 4 * s.out);
  to_rows(s, rows.data(), dy->data());
  cpu::gemm(true, false, 4 * s.out, s.in, s.rows(), rows.data(), 4 * s.out, x->data(), s.in, dw->data(), s.in, false);
  cpu::count_flops(2 * s.rows() * 4 * s.out * s.in);
}

}  // namespace selvage

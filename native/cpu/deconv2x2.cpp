// 2x2 transposed convolution of stride 2: windows do not overlap, so it is a 1x1 convolution to four outputs a pixel.
#include <cmath>
#include <cstring>

#include "conv_shape.h"
#include "cpu/common/floats.h"
#include "cpu/common/multiply.h"
#include "cpu/common/parallel.h"
#include "ops.h"

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

// dy [N,2H,2W,O] as rows [N H W,4 O] of the same type
class Pixels {
 public:
  Pixels(const DeconvShape& s, const Tensor* dy)
      : type_(dy->type()),
        shape_(s),
        data_(s.rows() * 4 * s.out * bytes_of(type_) / static_cast<int64_t>(sizeof(float))) {
    const int64_t size = bytes_of(type_);
    for_pixels(s, [&](int64_t row, int64_t tap, int64_t offset) {
      std::memcpy(reinterpret_cast<char*>(data_.data()) + (row * 4 + tap) * s.out * size,
                  dy->as<char>() + offset * size, s.out * size);
    });
  }
  Rows rows() { return {data_.data(), type_, 4 * shape_.out}; }

 private:
  Type type_;
  DeconvShape shape_;
  Scratch data_;
};

}  // namespace

void deconv2x2(Tensor* y, const Tensor* x, const Tensor* w, const Tensor* b, bool relu) {
  const DeconvShape s(x, w);
  Scratch rows(s.rows() * 4 * s.out);
  multiply({s.rows(), 4 * s.out, s.in, rows_of(x, s.in), false, rows_of(w, s.in), true, rows.data(), Type::f32, nullptr,
            nullptr, false});
  const float low = relu ? 0.0f : -INFINITY;
  for_pixels(s, [&](int64_t row, int64_t tap, int64_t offset) {
    const float* from = rows.data() + (row * 4 + tap) * s.out;
    Writer writer(y, s.out);
    float* to = writer.begin(offset, s.out);
    for (int64_t c = 0; c < s.out; ++c) to[c] = from[c] + b->data()[c] < low ? low : from[c] + b->data()[c];
    writer.done();
  });
}

void deconv2x2_data_grad(Tensor* dx, const Tensor* dy, const Tensor* w) {
  const DeconvShape s(dx, w);
  Pixels pixels(s, dy);
  multiply({s.rows(), s.in, 4 * s.out, pixels.rows(), false, rows_of(w, s.in), false, dx->as<void>(), dx->type(),
            nullptr, nullptr, false});
}

void deconv2x2_weight_grad(Tensor* dw, Tensor* db, const Tensor* x, const Tensor* dy) {
  const DeconvShape s(x, dw);
  cpu::sum_rows(db, dy);
  Pixels pixels(s, dy);
  multiply({4 * s.out, s.in, s.rows(), pixels.rows(), true, rows_of(x, s.in), false, dw->data(), Type::f32, nullptr,
            nullptr, false});
}

}  // namespace selvage::cpu

#include "cpu/onednn/bf16_gemm.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <unordered_map>

#include "cpu/common/allocator.h"
#include "cpu/common/convert.h"
#include "cpu/onednn/onednn.h"

namespace selvage::cpu {
namespace {

using dnnl::memory;

struct Compiled {
  dnnl::matmul matmul;
  memory::desc a, b, y, bias;
};

struct Shape {
  bool transpose_a, transpose_b;
  int64_t m, n, k;
  Type y_type;
  bool bias, relu, add;  // add: to what is in y
};

using Key = std::array<int64_t, 9>;

PrimitiveCache<Key, Compiled>& cache() {
  static PrimitiveCache<Key, Compiled> instance;
  return instance;
}

Compiled compile(const Shape& s) {
  const auto bf16 = memory::data_type::bf16;
  const memory::desc a({s.m, s.k}, bf16, s.transpose_a ? memory::dims{1, s.m} : memory::dims{s.k, 1});
  const memory::desc b({s.k, s.n}, bf16, s.transpose_b ? memory::dims{1, s.k} : memory::dims{s.n, 1});
  const memory::desc y({s.m, s.n}, onednn_type(s.y_type), memory::dims{s.n, 1});
  const memory::desc bias({1, s.n}, memory::data_type::f32, memory::dims{s.n, 1});
  dnnl::primitive_attr attr;
  dnnl::post_ops ops;
  if (s.add) ops.append_sum();
  if (s.relu) ops.append_eltwise(dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
  attr.set_post_ops(ops);
  const auto desc = s.bias ? dnnl::matmul::primitive_desc(engine(), a, b, bias, y, attr)
                           : dnnl::matmul::primitive_desc(engine(), a, b, y, attr);
  return {dnnl::matmul(desc), a, b, y, bias};
}

void multiply(const Shape& s, void* y, const void* a, const void* b, const float* bias) {
  const Key key = {s.transpose_a, s.transpose_b, s.m, s.n, s.k, static_cast<int64_t>(s.y_type), s.bias, s.relu, s.add};
  Compiled& c = cache().get(key, [&] { return compile(s); });
  std::unordered_map<int, memory> arguments = {
      {DNNL_ARG_SRC, wrap(c.a, a)}, {DNNL_ARG_WEIGHTS, wrap(c.b, b)}, {DNNL_ARG_DST, wrap(c.y, y)}};
  if (s.bias) arguments.insert({DNNL_ARG_BIAS, wrap(c.bias, bias)});
  c.matmul.execute(stream(), arguments);
  stream().wait();
}

// A matrix as bf16: itself, or a rounded copy.
class Rounded {
 public:
  explicit Rounded(const Matrix& m) : columns_(m.columns), data_(static_cast<const uint16_t*>(m.data)) {
    if (m.type == Type::bf16) return;
    copy_ = std::make_unique<Scratch>((m.rows * m.columns + 1) / 2);
    convert(copy_->data(), Type::bf16, m.data, m.type, m.rows * m.columns);
    data_ = reinterpret_cast<const uint16_t*>(copy_->data());
  }
  const uint16_t* row(int64_t r) const { return data_ + r * columns_; }
  const uint16_t* all() const { return data_; }

 private:
  int64_t columns_;
  const uint16_t* data_;
  std::unique_ptr<Scratch> copy_;
};

// Some rows of a matrix, and rows of zeros after them.
class Padded {
 public:
  Padded(const uint16_t* rows, int64_t count, int64_t padded, int64_t columns) : copy_((padded * columns + 1) / 2) {
    auto* to = reinterpret_cast<uint16_t*>(copy_.data());
    std::memcpy(to, rows, count * columns * sizeof(uint16_t));
    std::memset(to + count * columns, 0, (padded - count) * columns * sizeof(uint16_t));
  }
  const float* data() { return copy_.data(); }

 private:
  Scratch copy_;
};

// Rows come in numbers that change every step (regions, sampled anchors), and code is generated for each shape: long
// matrices are cut, and the rest is filled up to one of few lengths.
constexpr int64_t kLongest = 4096;

int64_t filled_up(int64_t rest, int64_t whole) {
  if (whole <= kLongest) return rest % 8 == 0 ? rest : (rest + 63) / 64 * 64;
  return (rest + 255) / 256 * 256;
}

// body(first row, rows, rows to fill them up to)
template <typename Body>
void for_stretches(int64_t rows, const Body& body) {
  for (int64_t done = 0; done < rows; done += kLongest) {
    const int64_t count = std::min(kLongest, rows - done);
    body(done, count, filled_up(count, rows));
  }
}

}  // namespace

void bf16_gemm(bool transpose_a, bool transpose_b, void* y, Type y_type, const Matrix& a, const Matrix& b,
               const float* bias, bool relu) {
  Shape s{transpose_a,
          transpose_b,
          transpose_a ? a.columns : a.rows,
          transpose_b ? b.rows : b.columns,
          transpose_a ? a.rows : a.columns,
          y_type,
          bias != nullptr,
          relu,
          false};
  if (s.m == 0 || s.n == 0) return;
  const Rounded left(a), right(b);
  if (!transpose_a) {
    const int64_t row_bytes = s.n * (y_type == Type::f32 ? 4 : 2);
    for_stretches(s.m, [&](int64_t first, int64_t rows, int64_t filled) {
      s.m = filled;
      char* to = static_cast<char*>(y) + first * row_bytes;
      if (rows == filled) {
        multiply(s, to, left.row(first), right.all(), bias);
      } else {
        Padded padded(left.row(first), rows, filled, s.k);
        Scratch result((filled * row_bytes + 3) / 4);
        multiply(s, result.data(), padded.data(), right.all(), bias);
        std::memcpy(to, result.data(), rows * row_bytes);
      }
    });
  } else if (!transpose_b && y_type == Type::f32 && bias == nullptr && !relu) {
    for_stretches(s.k, [&](int64_t first, int64_t rows, int64_t filled) {
      s.k = filled;
      s.add = first > 0;
      if (rows == filled) {
        multiply(s, y, left.row(first), right.row(first), nullptr);
      } else {
        Padded padded_a(left.row(first), rows, filled, s.m), padded_b(right.row(first), rows, filled, s.n);
        multiply(s, y, padded_a.data(), padded_b.data(), nullptr);
      }
    });
  } else {
    multiply(s, y, left.all(), right.all(), bias);
  }
}

}  // namespace selvage::cpu

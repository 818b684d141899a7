#include "wgmma.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <deque>
#include <limits>
#include <vector>

#include "async_lines.h"
#include "clocks.h"
#include "launch.h"
#include "shared_memory.h"
#include "tensor_core.h"
#include "tma.h"
#include "types.h"

namespace simt {
namespace {

constexpr int kDepth = 16, kRows = 16;  // of a product, a warp's share

// An operand as its descriptor says it lies: rows of M or N, 16 of K.
class Operand {
 public:
  Operand(uint64_t descriptor, bool turned)
      : start_(field(descriptor, 0)), leading_(field(descriptor, 16)), stride_(field(descriptor, 32)), turned_(turned) {
    const int mode = static_cast<int>(descriptor >> 62);
    span_ = mode == 0 ? 16 : 256 >> mode;  // 1: 128 bytes, 2: 64, 3: 32
    if (start_ / 128 % (span_ / 16) != 0 || (descriptor >> 49 & 7) != 0)
      violation("a matrix of wgmma begins within a swizzle's pattern");
  }

  uint32_t address(int row, int k) const {
    const uint32_t along = turned_ ? row : k, across = turned_ ? k : row, piece = span_ / 2;
    uint32_t offset = along % piece * 2 + across % 8 * span_;
    if (turned_ || span_ == 16) {
      // Without a swizzle, the leading offset is that between pieces along K.
      const bool exchanged = span_ == 16 && turned_;
      offset += along / piece * (exchanged ? stride_ : leading_) + across / 8 * (exchanged ? leading_ : stride_);
    } else {
      offset += across / 8 * stride_;  // 16 of K lie within the span
    }
    return swizzled(start_ + offset, span_);
  }

  // The 128-byte lines that hold rows [first, first + count), once or more often.
  void add_lines(std::vector<uint32_t>& lines, int first, int count) const {
    const int piece = span_ / 2, rows = turned_ ? piece : 1, depths = turned_ ? 1 : std::min(piece, kDepth);
    for (int row = first; row < first + count; row += rows)
      for (int k = 0; k < kDepth; k += depths) lines.push_back(address(row, k) / 128 * 128);
  }

 private:
  static uint32_t field(uint64_t descriptor, int at) { return static_cast<uint32_t>(descriptor >> at & 0x3fff) << 4; }

  uint32_t start_, leading_, stride_;
  int span_;
  bool turned_;
};

struct Product {
  Wgmma what;
  std::array<float*, 32> sums;
  std::vector<uint32_t> lines;  // of shared memory that it reads
};

// The sums of a warp that are in flight: what they are so far, while the thread's own are NaN.
struct Sums {
  std::array<float*, 32> at;
  std::vector<float> values;  // [32][count]
  int products;
};

struct Warp {
  std::vector<Product> open;
  std::deque<std::vector<Product>> groups;  // committed, oldest first
  std::vector<Sums> sums;
  bool fenced = false;
  size_t issued = 0;
};

std::array<Warp, kWarps> warps;
int64_t issued = 0;
bool used = false;                                     // by the block
std::array<std::vector<Wgmma>, kWarps / 4> sequences;  // what the warps of a warpgroup have issued

int warp_of_lanes() { return static_cast<int>(running->linear) / 32; }

void find_lines(Product& p, int warp) {
  Operand(p.what.a, p.what.turned_a).add_lines(p.lines, warp % 4 * kRows, kRows);
  Operand(p.what.b, p.what.turned_b).add_lines(p.lines, 0, 2 * p.what.count);
  std::sort(p.lines.begin(), p.lines.end());
  p.lines.erase(std::unique(p.lines.begin(), p.lines.end()), p.lines.end());
}

bool equal(const Wgmma& x, const Wgmma& y) {
  return x.a == y.a && x.b == y.b && x.turned_a == y.turned_a && x.turned_b == y.turned_b && x.bf16 == y.bf16 &&
         x.count == y.count;
}

uint32_t poison() { return bits_of(std::numeric_limits<float>::quiet_NaN()); }

void begin(Product p, int warp) {
  Warp& w = warps[warp];
  ++issued;
  used = true;
  auto in_flight = std::find_if(w.sums.begin(), w.sums.end(), [&](const Sums& s) { return s.at[0] == p.sums[0]; });
  if (in_flight == w.sums.end()) {
    if (!w.fenced) violation("a wgmma without a fence for its sums");
    Sums sums{p.sums, {}, 0};
    for (float* of_lane : p.sums) {
      sums.values.insert(sums.values.end(), of_lane, of_lane + p.what.count);
      std::fill_n(of_lane, p.what.count, float_of(poison()));
    }
    w.sums.push_back(std::move(sums));
    in_flight = std::prev(w.sums.end());
  }
  ++in_flight->products;
  std::vector<Wgmma>& sequence = sequences[warp / 4];
  if (w.issued == sequence.size()) sequence.push_back(p.what);
  if (!equal(sequence[w.issued++], p.what)) violation("the warps of a warpgroup multiply different matrices");
  find_lines(p, warp);
  for (uint32_t line : p.lines) line_product_begins(line, warp);
  w.open.push_back(std::move(p));
}

// A row or column of an operand.
struct Vector {
  std::array<Factor, kDepth> factors;
  bool zero = true, finite = true;
};

Vector read(const Operand& operand, int row, bool bf16) {
  Vector v;
  for (int k = 0; k < kDepth; ++k) {
    uint16_t bits;
    std::memcpy(&bits, shared_pointer(operand.address(row, k), 2), 2);
    v.factors[k] = factor(bf16 ? __bfloat162float({bits}) : __half2float({bits}), bf16 ? -126 : -14);
    v.zero = v.zero && v.factors[k].value == 0;
    v.finite = v.finite && std::isfinite(v.factors[k].value);
  }
  return v;
}

// The columns of the last B that was read. All warps read the same one, and between copies it stays as it is, unless a
// thread stores to it: which async_lines.h finds.
struct Columns {
  Wgmma of{};
  int64_t copies = 0;
  std::vector<Vector> vectors;
};
Columns last;

bool same_right(const Wgmma& x, const Wgmma& y) {
  return x.b == y.b && x.turned_b == y.turned_b && x.bf16 == y.bf16 && x.count == y.count;
}

const std::vector<Vector>& columns_of(const Wgmma& product) {
  if (last.vectors.empty() || !same_right(last.of, product) || last.copies != copies_finished()) {
    const Operand b(product.b, product.turned_b);
    last = {product, copies_finished(), {}};
    for (int column = 0; column < 2 * product.count; ++column) last.vectors.push_back(read(b, column, product.bf16));
  }
  return last.vectors;
}

void compute(const Product& p, Sums& sums, int warp) {
  const Operand a(p.what.a, p.what.turned_a);
  const TensorCore how = present_tensor_core() == TensorCore::plain ? TensorCore::plain : TensorCore::hopper;
  const std::vector<Vector>& right = columns_of(p.what);
  std::vector<Vector> left;
  for (int row = 0; row < kRows; ++row) left.push_back(read(a, warp % 4 * kRows + row, p.what.bf16));
  for (int lane = 0; lane < 32; ++lane) {
    for (int i = 0; i < p.what.count; ++i) {
      const Vector& x = left[lane / 4 + i / 2 % 2 * 8];
      const Vector& y = right[i / 4 * 8 + lane % 4 * 2 + i % 2];
      if ((x.zero && y.finite) || (y.zero && x.finite)) continue;  // adds nothing
      float& sum = sums.values[lane * p.what.count + i];
      sum = multiply_add<kDepth>(sum, x.factors.data(), y.factors.data(), how);
    }
  }
}

void end(const Product& p, int warp) {
  Warp& w = warps[warp];
  const auto sums = std::find_if(w.sums.begin(), w.sums.end(), [&](const Sums& s) { return s.at[0] == p.sums[0]; });
  compute(p, *sums, warp);
  for (uint32_t line : p.lines) line_product_ends(line, warp);
  if (--sums->products > 0) return;
  for (int lane = 0; lane < 32; ++lane) {
    for (int i = 0; i < p.what.count; ++i) {
      if (bits_of(sums->at[lane][i]) != poison()) violation("sums of a wgmma in flight were changed");
      sums->at[lane][i] = sums->values[lane * p.what.count + i];
    }
  }
  w.sums.erase(sums);
  w.fenced = false;  // the thread may read and change them now
}

// What all lanes of a warp do together.
template <typename Action>
void together(int line, const Action& action) {
  collective(
      0xffffffffu, running,
      [&action](const Lanes& lanes) {
        for (const void* lane : lanes.slots) {
          if (lane == nullptr) violation("a wgmma instruction without all 32 lanes");
        }
        action();
      },
      line);
}

struct Issue {
  Wgmma product;
  float* sums;
};

}  // namespace

void products_begin_block() {
  if (!used) return;
  warps.fill({});
  sequences.fill({});
  last.vectors.clear();
  used = false;
}

void products_end_block() {
  if (!used) return;
  for (int warp = 0; warp < kWarps; ++warp) {
    if (warps[warp].issued != sequences[warp / 4].size()) violation("a wgmma without all four warps of its warpgroup");
  }
}

bool products_in_flight() {
  const Warp& w = warps[warp_of_lanes()];
  return !w.open.empty() || !w.groups.empty();
}

int64_t products_issued() { return issued; }

void issue(const Wgmma& product, float* sums, int line) {
  Issue slot{product, sums};
  const int warp = warp_of_lanes();
  collective(
      0xffffffffu, &slot,
      [warp](const Lanes& lanes) {
        Product p{};
        for (int lane = 0; lane < 32; ++lane) {
          const Issue* from = lanes.at<Issue>(lane);
          if (from == nullptr) violation("a wgmma instruction without all 32 lanes");
          if (lane > 0 && !equal(from->product, p.what)) violation("the lanes of a warp multiply different matrices");
          p.what = from->product;
          p.sums[lane] = from->sums;
        }
        begin(std::move(p), warp);
      },
      line);
}

}  // namespace simt

namespace selvage::cuda {

using simt::warps;

void wgmma_fence(int line) {
  simt::Warp& w = warps[simt::warp_of_lanes()];
  simt::together(line, [&w] { simt::used = w.fenced = true; });
}

void wgmma_commit(int line) {
  simt::Warp& w = warps[simt::warp_of_lanes()];
  simt::together(line, [&w] {
    w.groups.push_back(std::move(w.open));
    w.open.clear();
  });
}

void wait_for_products(int newest_left, int line) {
  const int warp = simt::warp_of_lanes();
  simt::together(line, [warp, newest_left] {
    auto& groups = warps[warp].groups;
    while (static_cast<int>(groups.size()) > newest_left) {
      for (const simt::Product& p : groups.front()) simt::end(p, warp);
      groups.pop_front();
    }
  });
}

}  // namespace selvage::cuda

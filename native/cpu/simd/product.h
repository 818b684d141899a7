// Matrix products of any size over all threads (after Goto & van de Geijn, "Anatomy of High-Performance Matrix
// Multiplication", 2008): what a tile reads again and again lies packed in the nearer caches.
#pragma once

#include "cpu/common/allocator.h"
#include "cpu/common/thread_pool.h"
#include "cpu/simd/kernels.h"
#include "cpu/simd/pack.h"
#include "cpu/simd/tile.h"

namespace selvage::cpu {
namespace {

// Words in depth of a panel of B that is read for many rows: 64 columns of them take 256 KB of the second cache.
constexpr int64_t kDepth = 1024;
// Words of a whole B that stays in the second cache, and of rows of A that stay in the first while all of B passes.
constexpr int64_t kNear = 1 << 16, kFew = 1 << 12;

// Where c's element of row r and column c lies.
SELVAGE_INLINE int64_t place(const Product& p, int64_t r, int64_t c) {
  if (p.c_windows == nullptr) return r * p.n + c;
  const ConvShape& s = *p.c_windows;
  const int64_t run = s.kw * s.in, line = r / s.out_w() * s.kh + c / run;
  return (line * s.w + r % s.out_w() * s.kw) * s.in + c % run;
}

// How many columns of c lie side by side.
SELVAGE_INLINE int64_t neighbours(const Product& p) {
  return p.c_windows == nullptr ? round_up(p.n, kPanel) : p.c_windows->kw * p.c_windows->in;
}

// relu?(sums + bias + residual) to rows [r0,r1) and columns [c0,c1) of c.
template <typename C>
void finish(const Product& p, const float* sums, int64_t ld, int64_t r0, int64_t r1, int64_t c0, int64_t c1) {
  const V low = V{} + (p.relu ? 0.0f : -__builtin_inff());
  const int64_t run = neighbours(p);
  for (int64_t r = r0; r < r1; ++r, sums += ld) {
    for (int64_t first = c0, last; first < c1; first = last) {
      last = least(c1, (first / run + 1) * run);
      const int64_t at = place(p, r, first) - first;
      C* to = static_cast<C*>(p.c) + at;
      const C* other = p.residual == nullptr ? nullptr : static_cast<const C*>(p.residual) + at;
      for (int64_t c = first; c < last; c += kLanes) {
        const int64_t count = last - c;
        V v = load(sums + c - c0);
        if (p.bias != nullptr) v += load(p.bias + c, count);
        if (other != nullptr) v += load(other + c, count);
        store(to + c, v < low ? low : v, count);  // NaN stays
      }
    }
  }
}

void finish_any(const Product& p, const float* sums, int64_t ld, int64_t r0, int64_t r1, int64_t c0, int64_t c1) {
#ifdef SELVAGE_BF16
  if (p.c_type == Type::bf16) return finish<Half>(p, sums, ld, r0, r1, c0, c1);
#endif
  finish<float>(p, sums, ld, r0, r1, c0, c1);
}

// B as panels of kPanel columns over the whole depth.
template <typename T>
class Panels {
 public:
  explicit Panels(const Product& p)
      : layout_{kPanel, round_up(p.n, kLanes), round_up(p.k, kPerWord<T>) / kPerWord<T>} {}
  int64_t size() const { return layout_.columns * layout_.depth; }  // in floats
  void pack(const Product& p, float* packed) const {
    // Pieces follow the rows in memory, some of them side by side: a page of main memory is then left only once.
    const int64_t deep = p.b_turned ? 256 : 16, wide = p.b_turned ? kPanel : 16 * kPanel;
    const int64_t blocks = (words() + deep - 1) / deep, groups = (p.n + wide - 1) / wide;
    for_pieces(groups * blocks, [&](int64_t i) {
      const int64_t first = i / blocks * wide, last = least(first + wide, p.n);
      const int64_t w0 = i % blocks * deep, w1 = least(w0 + deep, words());
      const WordPanels group = {kPanel, least(wide, layout_.columns - first), layout_.depth};
      cpu::pack(panel(packed, first / kPanel), group, w0, p.b, p.b_turned, w0 * kPerWord<T>,
                least(w1 * kPerWord<T>, p.k), first, last);
    });
  }
  int64_t words() const { return layout_.depth; }
  int64_t count() const { return (layout_.columns + kPanel - 1) / kPanel; }
  int64_t columns(int64_t j) const { return layout_.columns_of(j); }
  T* panel(float* packed, int64_t j) const { return reinterpret_cast<T*>(packed + j * kPanel * layout_.depth); }
  const T* panel(const float* packed, int64_t j) const {
    return reinterpret_cast<const T*>(packed + j * kPanel * layout_.depth);
  }

 private:
  WordPanels layout_;
};

// A whole panel's results straight from the registers: `count` rows of A from r on by the panel from column c on.
template <typename T, typename C>
void multiply_and_finish(const Product& p, int64_t count, int64_t r, int64_t c, int64_t words, const T* a, int64_t lda,
                         const T* panel, Far far) {
  constexpr int64_t kSome = 10 * kTileRows;
  for (int64_t done = 0; done < count; done += kSome) {
    const int64_t rows = least(kSome, count - done);
    int64_t places[kSome];
    for (int64_t i = 0; i < rows; ++i) places[i] = place(p, r + done + i, c);
    column<T, kTileVectors, false>(
        rows, words, a + done * lda, lda, reinterpret_cast<const float*>(panel), kPanel,
        Results<C>{static_cast<C*>(p.c), static_cast<const C*>(p.residual), places,
                   p.bias == nullptr ? nullptr : p.bias + c, p.relu ? 0.0f : -__builtin_inff()},
        far);
  }
}

template <typename T>
void multiply_and_finish_any(const Product& p, int64_t count, int64_t r, int64_t c, int64_t words, const T* a,
                             int64_t lda, const T* panel, Far far) {
#ifdef SELVAGE_BF16
  if (p.c_type == Type::bf16) return multiply_and_finish<T, Half>(p, count, r, c, words, a, lda, panel, far);
#endif
  multiply_and_finish<T, float>(p, count, r, c, words, a, lda, panel, far);
}

// Of a's rows: each piece is some rows by some panels.
template <typename T>
void product_of_rows(const Product& p, const float* packed) {
  constexpr int kPer = kPerWord<T>;
  const Panels<T> panels(p);
  const int64_t words = panels.words();
  const bool in_place = stored_as<T>(p.a) && p.k % kPer == 0;
  // Where all panels stay in the second cache, a piece is rows by all of them, a few rows after the other: c is
  // written, and the residual read, row by row.
  const bool near = panels.count() > 1 && words <= kDepth && panels.size() <= kNear;
  // Rows of a piece: work for some ten microseconds, and a multiple of a tile's.
  const int64_t width = near ? panels.count() * kPanel : kPanel;
  const int64_t wanted = most(16 * kTileRows, least(80 * kTileRows, (1 << 21) / most(1, words * width)));
  const int64_t blocks = (p.m + wanted - 1) / wanted, rows = round_up((p.m + blocks - 1) / blocks, kTileRows);
  // Copied rows serve several panels, as many as leave eight pieces.
  const int64_t groups = in_place && !near ? panels.count() : least(panels.count(), most(1, 8 / blocks));
  for_pieces(blocks * groups, [&](int64_t i) {
    const int64_t r0 = i / groups * rows, r1 = least(r0 + rows, p.m), group = i % groups;
    if (r0 >= r1) return;
    const T* a = static_cast<const T*>(p.a.data) + r0 * p.a.stride;
    int64_t lda = p.a.stride;
    Scratch copy(in_place ? 0 : rows * words);
    if (!in_place) {
      T* to = reinterpret_cast<T*>(copy.data());
      lda = words * kPer;
      for (int64_t r = r0; r < r1; ++r) {
        T* row = to + (r - r0) * lda;
        const T* from = row_of(p.a, r, 0, p.k, row);
        if (from != row) std::memcpy(row, from, p.k * sizeof(T));
        std::memset(row + p.k, 0, (lda - p.k) * sizeof(T));
      }
      a = to;
    }
    // Sums of a shallow product are finished while they are in the first cache; those of a deep one stay until the last
    // of its steps, for each of which a part of the panel is in the second.
    const int64_t steps = most(1, (words + kDepth - 1) / kDepth), step = most(1, (words + steps - 1) / steps);
    const int64_t some = steps == 1 ? least(8 * kTileRows, rows) : rows;
    Scratch sums(some * kPanel + kLanes);  // whole vectors are read from the start of each run of neighbours
    const bool direct = steps == 1 && neighbours(p) % kPanel == 0;
    const int64_t few = near ? most(1, kFew / most(1, words) / kTileRows) * kTileRows : rows;
    for (int64_t first = r0; first < r1; first += few) {
      const int64_t last = least(first + few, r1);
      for (int64_t j = panels.count() * group / groups; j < panels.count() * (group + 1) / groups; ++j) {
        const int64_t columns = panels.columns(j), c = j * kPanel;
        const Far far = {!near, in_place && j == 0};
        if (direct && c + kPanel <= p.n) {
          multiply_and_finish_any(p, last - first, first, c, words, a + (first - r0) * lda, lda,
                                  panels.panel(packed, j), far);
          continue;
        }
        for (int64_t r = first; r < last; r += some) {
          const int64_t count = least(some, last - r);
          for (int64_t w = 0; w == 0 || w < words; w += step) {  // once even of no depth
            multiply<T, false>(count, least(step, words - w), a + (r - r0) * lda + w * kPer, lda,
                               panels.panel(packed, j) + w * columns * kPer, columns, columns / kLanes,
                               {sums.data(), columns, w > 0}, far);
          }
          finish_any(p, sums.data(), columns, r, r + count, c, least(c + kPanel, p.n));
        }
      }
    }
  });
}

// Of a's columns, as gradients of weights are: the depth is long, and c small. Each piece is a block of c over a
// stretch of the depth; stretches are added in their order.
template <typename T>
void product_of_columns(const Product& p) {
  constexpr int kPer = kPerWord<T>;
  constexpr int64_t kBlockRows = 43 * kTileRows, kBlockColumns = 256, kStep = 128 * kPer;
  const int64_t down = (p.m + kBlockRows - 1) / kBlockRows, across = (p.n + kBlockColumns - 1) / kBlockColumns;
  const int64_t rows = round_up((p.m + down - 1) / down, kTileRows), wide = round_up(p.n, kLanes);
  const int64_t stretches = most(1, least(16 / (down * across), p.k / (4 * kStep)));
  const int64_t stretch = round_up((p.k + stretches - 1) / stretches, kStep);
  Scratch partial(stretches > 1 ? stretches * p.m * wide : 0);
  for_pieces(stretches * down * across, [&](int64_t i) {
    const int64_t s = i / (down * across), r0 = i / across % down * rows, r1 = least(r0 + rows, p.m);
    const int64_t c0 = i % across * kBlockColumns, c1 = least(c0 + kBlockColumns, p.n),
                  columns = round_up(c1 - c0, kLanes);
    if (r0 >= r1) return;
    const int64_t lda = round_up(rows, kLanes) + 16;  // of a width that does not always meet the same places of a cache
    Scratch a(lda * kStep / kPer), b(columns * kStep / kPer), sums(stretches > 1 ? 0 : rows * columns);
    float* to = stretches > 1 ? partial.data() + (s * p.m + r0) * wide + c0 : sums.data();
    const int64_t ld = stretches > 1 ? wide : columns;
    const int64_t begin = s * stretch, end = most(begin, least(begin + stretch, p.k));
    for (int64_t k0 = begin; k0 == begin || k0 < end; k0 += kStep) {  // once even of no depth
      const int64_t k1 = least(k0 + kStep, end);
      const int64_t words = round_up(k1 - k0, kPer) / kPer;
      T* a_words = reinterpret_cast<T*>(a.data());
      T* b_words = reinterpret_cast<T*>(b.data());
      const WordPanels b_panels = {kPanel, columns, kStep / kPer};
      pack_rows(a_words, {lda, lda, kStep / kPer}, 0, p.a, k0, k1, r0, r1);
      pack(b_words, b_panels, 0, p.b, p.b_turned, k0, k1, c0, c1);
      for (int64_t c = c0; c < c1; c += kPanel) {
        const int64_t j = (c - c0) / kPanel, wide = b_panels.columns_of(j);
        multiply<T, true>(r1 - r0, words, a_words, lda * kPer, b_words + b_panels.at(0, j) * kPer, wide, wide / kLanes,
                          {to + c - c0, ld, k0 > begin});
      }
    }
    if (stretches == 1) finish_any(p, sums.data(), columns, r0, r1, c0, c1);
  });
  if (stretches == 1) return;
  const int64_t parts = least(p.m, 64);
  for_pieces(parts, [&](int64_t i) {
    const int64_t r0 = p.m * i / parts, r1 = p.m * (i + 1) / parts;
    for (int64_t s = 1; s < stretches; ++s) {
      float* total = partial.data() + r0 * wide;
      const float* part = partial.data() + (s * p.m + r0) * wide;
      for (int64_t at = 0; at < (r1 - r0) * wide; at += kLanes) store(total + at, load(total + at) + load(part + at));
    }
    finish_any(p, partial.data() + r0 * wide, wide, r0, r1, 0, p.n);
  });
}

// Of a's columns, b is packed a few rows at a time.
template <typename T>
int64_t packed_size(const Product& p) {
  return p.a_turned ? 0 : Panels<T>(p).size();
}

template <typename T>
void pack_all(const Product& p, float* packed) {
  Panels<T>(p).pack(p, packed);
}

template <typename T>
void product(const Product& p, const float* packed) {
  if (p.m == 0 || p.n == 0) return;
  if (p.a_turned) {
    product_of_columns<T>(p);
  } else {
    product_of_rows<T>(p, packed);
  }
}

}  // namespace
}  // namespace selvage::cpu

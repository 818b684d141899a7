// Matrix products of packed words: C[rows][columns] = A B, a tile of C at a time in registers.
#pragma once

#include "cpu/simd/vec.h"

namespace selvage::cpu {
namespace {

#if SELVAGE_LANES == 16
constexpr int kTileRows = 6, kTileVectors = 4;  // 24 sums, 4 vectors of B and one of A in 32 registers
#elif SELVAGE_LANES == 8
constexpr int kTileRows = 6, kTileVectors = 2;  // 12 sums in 16 registers
#else
constexpr int kTileRows = 3, kTileVectors = 2;
#endif
constexpr int64_t kPanel = kTileVectors * kLanes;  // columns of B that lie together, the last panel's may be fewer

// Where a tile's sums go: `c` has rows of ldc floats, and room for whole vectors.
struct Sums {
  float* c;
  int64_t ldc;
  bool add;

  SELVAGE_INLINE float* at(int m, int n) const { return c + m * ldc + n * kLanes; }
  SELVAGE_INLINE void prefetch(int m, int n) const { __builtin_prefetch(at(m, n), 1); }
  SELVAGE_INLINE void put(int m, int n, V sum) const { store(at(m, n), add ? sum + load(at(m, n)) : sum); }
  SELVAGE_INLINE void skip(int64_t rows) { c += rows * ldc; }
};

// Where they go with bias, residual and ReLU: row m to places[m] of c. bias and residual may be null.
template <typename C>
struct Results {
  C* c;
  const C* residual;
  const int64_t* places;
  const float* bias;
  float low;

  SELVAGE_INLINE void prefetch(int m, int n) const {
    const int64_t at = places[m] + n * kLanes;
    __builtin_prefetch(c + at, 1);
    if (residual != nullptr) __builtin_prefetch(residual + at);
  }
  SELVAGE_INLINE void put(int m, int n, V v) const {
    const int64_t at = places[m] + n * kLanes;
    if (bias != nullptr) v += load(bias + n * kLanes);
    if (residual != nullptr) v += load(residual + at);
    const V least = V{} + low;
    store(c + at, v < least ? least : v);  // NaN stays
  }
  SELVAGE_INLINE void skip(int64_t rows) { places += rows; }
};

template <typename T>
SELVAGE_INLINE V multiply_add(V sum, const T* a, V b) {
  if constexpr (sizeof(T) == sizeof(float)) {
    return sum + *a * b;
  } else {
#ifdef SELVAGE_BF16
    int32_t pair;
    std::memcpy(&pair, a, sizeof(pair));
    return reinterpret_cast<V>(_mm512_dpbf16_ps(reinterpret_cast<__m512>(sum),
                                                reinterpret_cast<__m512bh>(_mm512_set1_epi32(pair)),
                                                reinterpret_cast<__m512bh>(b)));
#endif
  }
}

// Which operands come from the third cache or main memory, so that it pays to fetch them before their turn.
struct Far {
  bool panels = true;
  bool rows = false;
};

// What is read next, fetched a few words at a time.
// The next panel: the one behind in memory, or, if rows of B are longer than a panel, the one beside it. All tiles but
// the first find their panel in the first cache. The first would wait for all of it, and where rows are few, as in
// Winograd's products, that took a quarter of the time.
// The next tile's rows, which the first panel brings from far: six short streams at once end before the processor has
// learned to follow them.
struct Ahead {
  static constexpr int64_t kDepth = 32;  // words between two requests
  static constexpr int kFloats = 16;     // of a cache line

  const float* at = nullptr;
  int64_t ldb = 0, words = 0;  // of each request
  bool rows = false;

  Ahead(Far far, int64_t tiles, int64_t depth, const float* b, int64_t ldb, int64_t width) : ldb(ldb), rows(far.rows) {
    const int64_t requests = tiles * ((depth + kDepth - 1) / kDepth);
    if (!far.panels || requests == 0 || depth < 4 * kDepth) return;  // all panels of a shallow product are near
    at = b + (ldb == width ? depth * ldb : width);
    words = (depth + requests - 1) / requests;
  }

  template <int VECTORS>
  SELVAGE_INLINE void request_panel() {
    for (int64_t i = 0; i < words; ++i, at += ldb) {
      SELVAGE_UNROLL for (int c = 0; c < VECTORS * kLanes; c += kFloats) __builtin_prefetch(at + c, 0, 2);
    }
  }

  template <typename T>
  SELVAGE_INLINE void request_row(const T* row) const {
    SELVAGE_UNROLL for (int w = 0; w < kDepth; w += kFloats) __builtin_prefetch(row + w * kPerWord<T>);
  }
};

// depth counts words. a: ROWS rows whose words are neighbours, lda elements apart, or (ACROSS) words of ROWS rows as
// neighbours, each depth lda elements after the last. b: words of VECTORS vectors, ldb words apart.
template <typename T, int ROWS, int VECTORS, bool ACROSS, typename Out>
SELVAGE_INLINE void tile(int64_t depth, const T* a, int64_t lda, const float* b, int64_t ldb, const Out& out,
                         Ahead& ahead) {
  constexpr int kPer = kPerWord<T>;
  V acc[ROWS][VECTORS];
  const T* row[ROWS];
  SELVAGE_UNROLL for (int m = 0; m < ROWS; ++m) {
    row[m] = a + (ACROSS ? m * kPer : m * lda);
    SELVAGE_UNROLL for (int n = 0; n < VECTORS; ++n) {
      acc[m][n] = V{};
      out.prefetch(m, n);
    }
  }
  for (int64_t k = 0; k < depth;) {
    ahead.request_panel<VECTORS>();
    if (!ACROSS && ahead.rows) {
      SELVAGE_UNROLL for (int m = 0; m < ROWS; ++m) ahead.request_row(row[m] + ROWS * lda + k * kPer);
    }
    for (const int64_t end = least(k + Ahead::kDepth, depth); k < end; ++k, b += ldb) {
      V bv[VECTORS];
      SELVAGE_UNROLL for (int n = 0; n < VECTORS; ++n) bv[n] = load(b + n * kLanes);
      SELVAGE_UNROLL for (int m = 0; m < ROWS; ++m) {
        const T* word = ACROSS ? a + k * lda + m * kPer : row[m] + k * kPer;
        SELVAGE_UNROLL for (int n = 0; n < VECTORS; ++n) acc[m][n] = multiply_add(acc[m][n], word, bv[n]);
      }
    }
  }
  SELVAGE_UNROLL for (int m = 0; m < ROWS; ++m) {
    SELVAGE_UNROLL for (int n = 0; n < VECTORS; ++n) out.put(m, n, acc[m][n]);
  }
}

template <typename T, int VECTORS, bool ACROSS, typename Out>
__attribute__((noinline)) void column(int64_t rows, int64_t depth, const T* a, int64_t lda, const float* b, int64_t ldb,
                                      Out out, Far far = {}) {
  Ahead ahead(far, rows / kTileRows, depth, b, ldb, VECTORS * kLanes);
  for (; rows >= kTileRows; rows -= kTileRows) {
    tile<T, kTileRows, VECTORS, ACROSS>(depth, a, lda, b, ldb, out, ahead);
    a += kTileRows * (ACROSS ? kPerWord<T> : lda);
    out.skip(kTileRows);
  }
  ahead.words = 0;
  ahead.rows = false;
  switch (rows) {
#if SELVAGE_LANES > 4
    case 5:
      return tile<T, 5, VECTORS, ACROSS>(depth, a, lda, b, ldb, out, ahead);
    case 4:
      return tile<T, 4, VECTORS, ACROSS>(depth, a, lda, b, ldb, out, ahead);
    case 3:
      return tile<T, 3, VECTORS, ACROSS>(depth, a, lda, b, ldb, out, ahead);
#endif
    case 2:
      return tile<T, 2, VECTORS, ACROSS>(depth, a, lda, b, ldb, out, ahead);
    case 1:
      return tile<T, 1, VECTORS, ACROSS>(depth, a, lda, b, ldb, out, ahead);
    default:
      return;
  }
}

// One panel of B, of `vectors` vectors.
template <typename T, bool ACROSS>
void multiply(int64_t rows, int64_t depth, const T* a, int64_t lda, const T* b, int64_t ldb, int64_t vectors,
              const Sums& sums, Far far = {}) {
  const auto* words = reinterpret_cast<const float*>(b);
  switch (vectors) {
#if SELVAGE_LANES == 16
    case 4:
      return column<T, 4, ACROSS>(rows, depth, a, lda, words, ldb, sums, far);
    case 3:
      return column<T, 3, ACROSS>(rows, depth, a, lda, words, ldb, sums, far);
#endif
    case 2:
      return column<T, 2, ACROSS>(rows, depth, a, lda, words, ldb, sums, far);
    default:
      return column<T, 1, ACROSS>(rows, depth, a, lda, words, ldb, sums, far);
  }
}

}  // namespace
}  // namespace selvage::cpu

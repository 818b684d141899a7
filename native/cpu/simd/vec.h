// Vectors of SELVAGE_LANES floats, which the including file sets with the instructions it is compiled for. Everything
// here is local to that file: no other may be given code for a processor that it does not have.
#pragma once

#include <immintrin.h>

#include <cstdint>
#include <cstring>

#define SELVAGE_UNROLL _Pragma("GCC unroll 16")
#define SELVAGE_INLINE inline __attribute__((always_inline))

namespace selvage::cpu {
namespace {

constexpr int kLanes = SELVAGE_LANES;
using V = float __attribute__((vector_size(4 * SELVAGE_LANES)));
using Indices = int32_t __attribute__((vector_size(4 * SELVAGE_LANES)));
using Unaligned = float __attribute__((vector_size(4 * SELVAGE_LANES), aligned(4), may_alias));

// The upper half of a float, as maps store it.
using Half = uint16_t;

SELVAGE_INLINE V load(const float* p) { return *reinterpret_cast<const Unaligned*>(p); }
SELVAGE_INLINE void store(float* p, V v) { *reinterpret_cast<Unaligned*>(p) = v; }

#ifdef SELVAGE_BF16
SELVAGE_INLINE V load(const Half* p) {
  const __m256i halves = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
  return reinterpret_cast<V>(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16));
}
// To the nearest, ties to even. NaN stays NaN; numbers below 2^-126 become zero, as the products take them.
SELVAGE_INLINE __m256i narrow(V v) {
  return reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(reinterpret_cast<__m512>(v)));
}
SELVAGE_INLINE void store(Half* p, V v) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), narrow(v)); }
#endif

// The same of the first `count` lanes; the others are zero.
template <typename T>
SELVAGE_INLINE V load(const T* p, int64_t count) {
  if (count >= kLanes) return load(p);
  T lanes[kLanes] = {};
  std::memcpy(lanes, p, count * sizeof(T));
  return load(lanes);
}
template <typename T>
SELVAGE_INLINE void store(T* p, V v, int64_t count) {
  if (count >= kLanes) return store(p, v);
  T lanes[kLanes];
  store(lanes, v);
  std::memcpy(p, lanes, count * sizeof(T));
}

// Rows of kLanes values become columns: blocks of 1, 2, 4 and so on change places across the diagonal.
template <int SIZE = 1>
SELVAGE_INLINE void transpose(V (&rows)[kLanes]) {
  if constexpr (SIZE < kLanes) {
    Indices low, high;
    SELVAGE_UNROLL for (int i = 0; i < kLanes; ++i) {
      low[i] = (i & SIZE) != 0 ? kLanes + i - SIZE : i;
      high[i] = (i & SIZE) != 0 ? kLanes + i : i + SIZE;
    }
    SELVAGE_UNROLL for (int r = 0; r < kLanes; ++r) {
      if ((r & SIZE) != 0) continue;
      const V a = rows[r], b = rows[r + SIZE];
      rows[r] = __builtin_shuffle(a, b, low);
      rows[r + SIZE] = __builtin_shuffle(a, b, high);
    }
    transpose<2 * SIZE>(rows);
  }
}

// What the products multiply: a float, or two halves that are neighbours in depth.
template <typename T>
constexpr int kPerWord = static_cast<int>(sizeof(float) / sizeof(T));

// A vector of words: of rows `even` and `odd` (null: zeros; unused for floats), side by side.
SELVAGE_INLINE void store_words(float* p, V even, V) { store(p, even); }
SELVAGE_INLINE void join_rows(float* p, const float* even, const float*) { store(p, load(even)); }
// A vector of words: of one row, whose elements are neighbours in depth.
SELVAGE_INLINE V load_words(const float* row, const float*) { return load(row); }
#ifdef SELVAGE_BF16
SELVAGE_INLINE void store_pairs(Half* p, __m256i even, __m256i odd) {
  _mm512_storeu_si512(p,
                      _mm512_or_si512(_mm512_cvtepu16_epi32(even), _mm512_slli_epi32(_mm512_cvtepu16_epi32(odd), 16)));
}
SELVAGE_INLINE void store_words(Half* p, V even, V odd) { store_pairs(p, narrow(even), narrow(odd)); }
SELVAGE_INLINE void join_rows(Half* p, const float* even, const float* odd) {
  store_words(p, load(even), odd == nullptr ? V{} : load(odd));
}
SELVAGE_INLINE void join_rows(Half* p, const Half* even, const Half* odd) {
  const auto load_row = [](const Half* row) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(row)); };
  store_pairs(p, load_row(even), odd == nullptr ? _mm256_setzero_si256() : load_row(odd));
}
SELVAGE_INLINE V load_words(const Half* row, const Half*) { return reinterpret_cast<V>(_mm512_loadu_si512(row)); }
SELVAGE_INLINE V load_words(const float* row, const Half*) {
  return reinterpret_cast<V>(
      _mm512_cvtne2ps_pbh(reinterpret_cast<__m512>(load(row + kLanes)), reinterpret_cast<__m512>(load(row))));
}
#endif

constexpr int64_t round_up(int64_t value, int64_t step) { return (value + step - 1) / step * step; }
constexpr int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
constexpr int64_t most(int64_t a, int64_t b) { return a < b ? b : a; }

}  // namespace
}  // namespace selvage::cpu

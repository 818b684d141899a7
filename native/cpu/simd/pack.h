// Rows of a matrix as words that the products read: copied, converted, gathered from a convolution's windows, turned.
#pragma once

#include "conv_shape.h"
#include "cpu/simd/kernels.h"
#include "cpu/simd/vec.h"

namespace selvage::cpu {
namespace {

SELVAGE_INLINE void copy_elements(float* to, const void* from, Type, int64_t at, int64_t count) {
  const float* values = static_cast<const float*>(from) + at;
  if (count >= kLanes && count <= 4 * kLanes) {  // the lines of narrow windows: a call would cost more than the copy
    for (int64_t i = 0; i + kLanes < count; i += kLanes) store(to + i, load(values + i));
    store(to + count - kLanes, load(values + count - kLanes));
  } else {
    std::memcpy(to, values, count * sizeof(float));
  }
}
#ifdef SELVAGE_BF16
SELVAGE_INLINE void copy_elements(Half* to, const void* from, Type type, int64_t at, int64_t count) {
  if (type == Type::bf16) {
    std::memcpy(to, static_cast<const Half*>(from) + at, count * sizeof(Half));
    return;
  }
  const float* values = static_cast<const float*>(from) + at;
  for (int64_t i = 0; i < count; i += kLanes) store(to + i, load(values + i, count - i), count - i);
}
#endif

// Columns [begin,end) of a row of windows. The pixels of a window's line are neighbours in the map, but for those
// beyond its edge, which are zero.
template <typename T>
void copy_patch(T* to, const Rows& rows, int64_t row, int64_t begin, int64_t end) {
  const ConvShape& s = *rows.patches_of;
  const int64_t ox = row % s.out_w(), line = row / s.out_w(), oy = line % s.out_h(), image = line / s.out_h();
  const int64_t x0 = ox * s.stride - s.pad, width = s.kw * s.in;
  for (int64_t column = begin; column < end;) {
    const int64_t ky = column / width, first = column % width, last = least(width, first + end - column);
    const int64_t iy = oy * s.stride - s.pad + ky;
    const bool inside = iy >= 0 && iy < s.h;
    const int64_t left = inside ? least(most(first, -x0 * s.in), last) : last;
    const int64_t right = inside ? most(least(last, (s.w - x0) * s.in), left) : last;
    if (left > first) std::memset(to, 0, (left - first) * sizeof(T));
    copy_elements(to + left - first, rows.data, rows.type, ((image * s.h + iy) * s.w + x0) * s.in + left, right - left);
    if (last > right) std::memset(to + right - first, 0, (last - right) * sizeof(T));
    to += last - first;
    column += last - first;
  }
}

template <typename T>
bool stored_as(const Rows& rows) {
  return rows.patches_of == nullptr && bytes_of(rows.type) == static_cast<int64_t>(sizeof(T));
}

// Columns [begin,end) of a row: where they lie, or a copy in `buffer`.
template <typename T>
const T* row_of(const Rows& rows, int64_t row, int64_t begin, int64_t end, T* buffer) {
  if (stored_as<T>(rows)) return static_cast<const T*>(rows.data) + row * rows.stride + begin;
  if (rows.patches_of != nullptr) {
    copy_patch(buffer, rows, row, begin, end);
  } else {
    copy_elements(buffer, rows.data, rows.type, row * rows.stride + begin, end - begin);
  }
  return buffer;
}

// The longest stretch of a row that is converted at a time.
constexpr int64_t kStretch = 256;

// Rows [begin,end) as rows of words, `words` apart, with zeros in columns up to a whole vector: words of halves hold a
// row and the next. For columns [first,last).
template <typename T>
void pack_rows(T* to, int64_t words, const Rows& rows, int64_t begin, int64_t end, int64_t first, int64_t last) {
  constexpr int kPer = kPerWord<T>;
  T buffers[kPer][kStretch];
  for (int64_t row = begin; row < end; row += kPer, to += words * kPer) {
    for (int64_t at = first; at < last; at += kStretch) {
      const int64_t stop = least(at + kStretch, last);
      const T* from[kPer];
      for (int i = 0; i < kPer; ++i) from[i] = row + i < end ? row_of(rows, row + i, at, stop, buffers[i]) : nullptr;
      T* word = to + (at - first) * kPer;
      int64_t c = 0;
      for (; c + kLanes <= stop - at; c += kLanes) {
        copy_words(word + c * kPer, from[0] + c, from[kPer - 1] == nullptr ? nullptr : from[kPer - 1] + c);
      }
      if (c < stop - at) {
        const int64_t rest = stop - at - c;
        const V even = load(from[0] + c, rest);
        store_words(word + c * kPer, even,
                    kPer == 2 && from[kPer - 1] != nullptr ? load(from[kPer - 1] + c, rest) : V{});
      }
    }
  }
}

// The transpose: columns [first,last) of the rows become rows of words, rows [begin,end) their columns.
template <typename T>
void pack_turned(T* to, int64_t words, const Rows& rows, int64_t begin, int64_t end, int64_t first, int64_t last) {
  constexpr int kPer = kPerWord<T>;
  constexpr int64_t kBlock = 64;  // words of each row at a time
  T block[kLanes][kBlock * kPer];
  for (int64_t row = begin; row < end; row += kLanes) {
    for (int64_t at = first; at < last; at += kBlock * kPer) {
      const int64_t stop = least(at + kBlock * kPer, last), count = round_up(stop - at, kPer) / kPer;
      for (int64_t r = 0; r < kLanes; ++r) {
        const bool inside = row + r < end;
        if (inside) {
          const T* from = row_of(rows, row + r, at, stop, block[r]);
          if (from != block[r]) std::memcpy(block[r], from, (stop - at) * sizeof(T));
        }
        const int64_t filled = inside ? stop - at : 0;
        std::memset(block[r] + filled, 0, (count * kPer - filled) * sizeof(T));
      }
      for (int64_t k = 0; k < count; ++k) {
        float line[kLanes];
        SELVAGE_UNROLL for (int r = 0; r < kLanes; ++r) std::memcpy(line + r, block[r] + k * kPer, sizeof(float));
        std::memcpy(to + (((at - first) / kPer + k) * words + row - begin) * kPer, line, sizeof(line));
      }
    }
  }
}

// Rows [begin,end) of the matrix whose transpose the rows are, if turned, as words.
template <typename T>
void pack(T* to, int64_t words, const Rows& rows, bool turned, int64_t begin, int64_t end, int64_t first,
          int64_t last) {
  if (turned) {
    pack_turned(to, words, rows, first, last, begin, end);
  } else {
    pack_rows(to, words, rows, begin, end, first, last);
  }
}

}  // namespace
}  // namespace selvage::cpu

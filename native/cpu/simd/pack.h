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

// A matrix of words, [depth][columns], in panels of `width` columns, the last narrower, each [depth][its columns].
struct WordPanels {
  int64_t width, columns, depth;

  int64_t columns_of(int64_t panel) const { return least(width, columns - panel * width); }
  int64_t at(int64_t word, int64_t panel) const { return panel * width * depth + word * columns_of(panel); }
};

// One row of words: elements [0,count) of rows `even` and `odd`, with zeros up to a whole vector.
template <typename T, typename S>
SELVAGE_INLINE void pack_row(T* to, const WordPanels& panels, int64_t word, int64_t first, const S* even, const S* odd,
                             int64_t count) {
  constexpr int kPer = kPerWord<T>;
  for (int64_t c = 0; c < count;) {
    const int64_t panel = (first + c) / panels.width, skipped = (first + c) % panels.width;
    const int64_t end = least(count, c + panels.width - skipped);
    T* words = to + (panels.at(word, panel) + skipped) * kPer;
    for (; c + kLanes <= end; c += kLanes, words += kLanes * kPer) {
      join_rows(words, even + c, odd == nullptr ? nullptr : odd + c);
    }
    if (c < end) {
      store_words(words, load(even + c, end - c), odd == nullptr ? V{} : load(odd + c, end - c));
      c = end;
    }
  }
}

// The longest stretch of a row that is copied at a time.
constexpr int64_t kStretch = 256;

// Rows [begin,end), from word `word` on: words of halves hold a row and the next. For columns [first,last).
template <typename T>
void pack_rows(T* to, const WordPanels& panels, int64_t word, const Rows& rows, int64_t begin, int64_t end,
               int64_t first, int64_t last) {
  constexpr int kPer = kPerWord<T>;
  for (int64_t row = begin; row < end; row += kPer, ++word) {
    const bool two = kPer == 2 && row + 1 < end;
    if (rows.patches_of != nullptr) {
      T even[kStretch], odd[kStretch];
      for (int64_t at = first; at < last; at += kStretch) {
        const int64_t stop = least(at + kStretch, last);
        copy_patch(even, rows, row, at, stop);
        if (two) copy_patch(odd, rows, row + 1, at, stop);
        pack_row(to, panels, word, at - first, even, two ? odd : nullptr, stop - at);
      }
    } else if (stored_as<T>(rows)) {
      const T* even = static_cast<const T*>(rows.data) + row * rows.stride + first;
      pack_row(to, panels, word, 0, even, two ? even + rows.stride : nullptr, last - first);
    } else {
      const float* even = static_cast<const float*>(rows.data) + row * rows.stride + first;
      pack_row(to, panels, word, 0, even, two ? even + rows.stride : nullptr, last - first);
    }
  }
}

// A block of kLanes rows and as many words of each; `count` elements of `rows` rows are there, the others are zero.
template <typename T, typename S>
SELVAGE_INLINE void turn_block(V (&block)[kLanes], const S* from, int64_t stride, int64_t rows, int64_t count) {
  constexpr int64_t kWhole = kLanes * kPerWord<T>;
  SELVAGE_UNROLL for (int64_t r = 0; r < kLanes; ++r) {
    if (r >= rows || count <= 0) {
      block[r] = V{};
    } else if (count >= kWhole) {
      block[r] = load_words(from + r * stride, static_cast<const T*>(nullptr));
    } else {
      S row[kWhole] = {};
      std::memcpy(row, from + r * stride, count * sizeof(S));
      block[r] = load_words(row, static_cast<const T*>(nullptr));
    }
  }
  transpose(block);
}

// The transpose: columns [first,last) of the rows become rows of words from `word` on, rows [begin,end) their columns.
template <typename T>
void pack_turned(T* to, const WordPanels& panels, int64_t word, const Rows& rows, int64_t begin, int64_t end,
                 int64_t first, int64_t last) {
  constexpr int kPer = kPerWord<T>;
  for (int64_t row = begin; row < end; row += kLanes) {
    const int64_t panel = (row - begin) / panels.width, skipped = (row - begin) % panels.width;
    for (int64_t at = first; at < last; at += kLanes * kPer) {
      const int64_t count = least(last - at, kLanes * kPer), there = least(end - row, kLanes);
      V block[kLanes];
      if (rows.patches_of != nullptr) {
        T copy[kLanes][kLanes * kPer];
        for (int64_t r = 0; r < there; ++r) copy_patch(copy[r], rows, row + r, at, at + count);
        turn_block<T>(block, copy[0], kLanes * kPer, there, count);
      } else if (stored_as<T>(rows)) {
        turn_block<T>(block, static_cast<const T*>(rows.data) + row * rows.stride + at, rows.stride, there, count);
      } else {
        turn_block<T>(block, static_cast<const float*>(rows.data) + row * rows.stride + at, rows.stride, there, count);
      }
      const int64_t words = round_up(count, kPer) / kPer;
      for (int64_t k = 0; k < words; ++k) {
        store(reinterpret_cast<float*>(to + (panels.at(word + (at - first) / kPer + k, panel) + skipped) * kPer),
              block[k]);
      }
    }
  }
}

// Rows [begin,end) and columns [first,last) of the matrix whose transpose the rows are, if turned, as words.
template <typename T>
void pack(T* to, const WordPanels& panels, int64_t word, const Rows& rows, bool turned, int64_t begin, int64_t end,
          int64_t first, int64_t last) {
  if (turned) {
    pack_turned(to, panels, word, rows, first, last, begin, end);
  } else {
    pack_rows(to, panels, word, rows, begin, end, first, last);
  }
}

}  // namespace
}  // namespace selvage::cpu

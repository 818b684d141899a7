#include "tma.h"

#include <cstring>
#include <string>
#include <vector>

#include "async_lines.h"
#include "launch.h"
#include "mbarrier.h"
#include "races.h"
#include "shared_memory.h"

namespace simt {
namespace {

struct Copy {
  CUtensorMap map;
  uint32_t to;
  int at[5];  // the first coordinates
  int right, down;
  Phase phase;
};

std::vector<Copy> in_flight;
int64_t finished = 0;

int bytes_of(const CUtensorMap& m) {
  if (m.im2col) return 2 * m.box[0] * m.box[1];
  int bytes = 2;
  for (int d = 0; d < m.rank; ++d) bytes *= (m.box[d] + m.steps[d] - 1) / m.steps[d];
  return bytes;
}

// The elements of a box's row, from the coordinates `at` on: to where the row would lie without the swizzle.
void copy_row(const Copy& c, const int64_t (&at)[5], uint32_t to) {
  const CUtensorMap& m = c.map;
  const char* from = m.memory;
  bool inside = true;
  for (int d = 1; d < m.rank; ++d) {
    inside = inside && at[d] >= 0 && at[d] < m.sizes[d];
    from += at[d] * static_cast<int64_t>(m.strides[d]);
  }
  constexpr int kPiece = 8;  // elements that stay together
  for (int i = 0; i < m.box[0]; i += kPiece) {
    char* const piece = shared_pointer(m.swizzle == 0 ? to + 2 * i : swizzled(to + 2 * i, 16 << m.swizzle), 16);
    for (int k = 0; k < kPiece; ++k) {
      const int64_t column = at[0] + i + k;
      if (inside && column >= 0 && column < m.sizes[0]) {
        memory_read(from + 2 * column, 2);
        std::memcpy(piece + 2 * k, from + 2 * column, 2);
      } else {
        std::memset(piece + 2 * k, 0, 2);
      }
    }
  }
}

void copy_tile(const Copy& c) {
  const CUtensorMap& m = c.map;
  int count[5] = {1, 1, 1, 1, 1};
  for (int d = 1; d < m.rank; ++d) count[d] = (m.box[d] + m.steps[d] - 1) / m.steps[d];
  uint32_t to = c.to;
  for (int l = 0; l < count[4]; ++l)
    for (int k = 0; k < count[3]; ++k)
      for (int j = 0; j < count[2]; ++j)
        for (int i = 0; i < count[1]; ++i, to += 2 * m.box[0])
          copy_row(c,
                   {c.at[0], c.at[1] + i * m.steps[1], c.at[2] + j * m.steps[2], c.at[3] + k * m.steps[3],
                    c.at[4] + l * m.steps[4]},
                   to);
}

// Along w, then h, then n, within the bounding box.
void copy_window(const Copy& c) {
  const CUtensorMap& m = c.map;
  int64_t w = c.at[1], h = c.at[2], n = c.at[3];
  for (int pixel = 0; pixel < m.box[1]; ++pixel) {
    copy_row(c, {c.at[0], w + c.right, h + c.down, n, 0}, c.to + pixel * 2 * m.box[0]);
    w += m.steps[1];
    if (w < static_cast<int64_t>(m.sizes[1]) + m.upper[0]) continue;
    w = m.lower[0];
    h += m.steps[2];
    if (h < static_cast<int64_t>(m.sizes[2]) + m.upper[1]) continue;
    h = m.lower[1];
    ++n;
  }
}

void run(const Copy& c) {
  ++finished;
  if (c.map.im2col) {
    copy_window(c);
  } else {
    copy_tile(c);
  }
  const int bytes = bytes_of(c.map);
  races_filled(shared_pointer(c.to, bytes), bytes);
  line_copy_ends(c.to, bytes, bytes_come(c.phase, bytes), c.phase.number + 1);
}

void issue(const Copy& c) {
  if (c.to % 128 != 0) violation("misaligned destination of a TMA copy");
  const int bytes = bytes_of(c.map);
  shared_pointer(c.to, bytes);
  line_copy_begins(c.to, bytes, static_cast<int>(running->linear) / 32);
  if (present_order() == Order::forward) {
    run(c);
  } else {
    in_flight.push_back(c);
  }
}

}  // namespace

void copies_begin_block() { in_flight.clear(); }

void copies_end_block() {
  if (!in_flight.empty()) violation("a block ended with TMA copies in flight");
}

int64_t copies_finished() { return finished; }

bool finish_a_copy() {
  if (in_flight.empty()) return false;
  static unsigned turn = 0;
  const size_t which = present_order() == Order::reverse ? in_flight.size() - 1 : ++turn * 7919 % in_flight.size();
  const Copy copy = in_flight[which];
  in_flight.erase(in_flight.begin() + static_cast<std::ptrdiff_t>(which));
  run(copy);
  return true;
}

}  // namespace simt

namespace selvage::cuda {

void copy_box(uint32_t to, const CUtensorMap& map, int c0, int c1, int c2, uint32_t barrier) {
  if (map.im2col || map.rank != 3) simt::violation("a TMA copy in tiled mode with another kind of map");
  simt::issue({map, to, {c0, c1, c2, 0, 0}, 0, 0, simt::phase_of(barrier, "a TMA copy")});
}

void copy_pixels(uint32_t to, const CUtensorMap& map, int c, int w, int h, int n, int right, int down,
                 uint32_t barrier) {
  if (!map.im2col) simt::violation("a TMA copy in im2col mode with another kind of map");
  if (right < 0 || right > 255 || down < 0 || down > 255) simt::violation("im2col offsets beyond 0 to 255");
  const auto within = [&](int at, int d) {
    return at >= map.lower[d] && at < static_cast<int64_t>(map.sizes[d + 1]) + map.upper[d];
  };
  if (!within(w, 0) || !within(h, 1)) simt::violation("a TMA copy in im2col mode begins outside the bounding box");
  simt::issue({map, to, {c, w, h, n, 0}, right, down, simt::phase_of(barrier, "a TMA copy")});
}

}  // namespace selvage::cuda

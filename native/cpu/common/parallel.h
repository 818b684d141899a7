// Loops over elements whose results do not depend on the number of threads.
#pragma once

#include <algorithm>
#include <cstdint>

#include "cpu/common/thread_pool.h"

namespace selvage::cpu {

// body(begin, end) over [0, count) in pieces of at least `grain`.
template <typename Body>
void parallel_for(int64_t count, int64_t grain, const Body& body) {
  const int64_t pieces = std::max<int64_t>(1, std::min<int64_t>(64, count / std::max<int64_t>(1, grain)));
  for_pieces(pieces, [&](int64_t i) { body(count * i / pieces, count * (i + 1) / pieces); });
}

constexpr int64_t kGrain = 16384;  // elements worth a thread's while

}  // namespace selvage::cpu

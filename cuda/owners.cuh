// Adding many rows to few places without atomics: of all the terms that go to one place the first owns it, and adds the
// others in their order.
#pragma once

#include "common.cuh"

namespace selvage::cuda {

// For a warp. goes(j): whether term j of `count` goes to the place that term `mine` goes to. body(j) for each such term
// in order, mine included, if mine is the first; else nothing. Cost: count / 32 steps.
template <typename Goes, typename Body>
__device__ __forceinline__ void for_owned(int64_t mine, int64_t count, const Goes& goes, const Body& body) {
  const int lane = threadIdx.x % 32;
  for (int64_t first = 0; first < count; first += 32) {
    unsigned votes = __ballot_sync(kAllLanes, first + lane < count && goes(first + lane));
    for (; votes != 0; votes &= votes - 1) {
      const int64_t term = first + __ffs(static_cast<int>(votes)) - 1;
      if (term < mine) return;
      body(term);
    }
  }
}

}  // namespace selvage::cuda

// Adds many rows into few target rows without atomics. The first of all terms with the same target adds them all, in
// their order; the other terms do nothing.
#pragma once

#include "common/kernel.cuh"

namespace selvage::cuda {

// Called by a whole warp for term `mine` of `count`. same(j) says whether term j has the target of `mine`. If `mine` is
// the first such term, calls body(j) for each of them in order, `mine` included; else does nothing. Cost: count / 32
// steps.
template <typename Same, typename Body>
__device__ __forceinline__ void for_same_target(int64_t mine, int64_t count, const Same& same, const Body& body) {
  const int lane = threadIdx.x % 32;
  for (int64_t first = 0; first < count; first += 32) {
    unsigned votes = __ballot_sync(kAllLanes, first + lane < count && same(first + lane));
    for (; votes != 0; votes &= votes - 1) {
      const int64_t term = first + __ffs(static_cast<int>(votes)) - 1;
      if (term < mine) return;
      body(term);
    }
  }
}

}  // namespace selvage::cuda

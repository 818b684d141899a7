// What proposals and detections share: ranking by score and greedy non-maximum suppression, all on the device.
#pragma once

#include "common/boxes.cuh"

namespace selvage::cuda {

// A key that is smaller for a better score, and, of equal scores, for the lower index; no two are the same. The low
// half is the index.
__device__ __forceinline__ uint32_t score_key(float score) {
  const uint32_t bits = __float_as_uint(score == 0 ? 0.0f : score);  // -0 ties with 0
  const uint32_t rising = (bits & 0x80000000u) != 0 ? ~bits : bits | 0x80000000u;
  return ~rising;
}
__device__ __forceinline__ uint64_t rank_key(float score, int64_t index) {
  return static_cast<uint64_t>(score_key(score)) << 32 | static_cast<uint32_t>(index);
}

// `lists` lists of at most `size` things, of which counts[list] are there. Everything is on the device.

// order [lists,size]: the keys' indices (low halves) in rising order of the keys [lists,size].
void rank(int32_t* order, const uint64_t* keys, const int32_t* counts, int64_t size, int64_t lists);

// kept [lists,limit]: the places of the boxes [lists,size], best first, that no kept one before them overlaps by more
// than threshold; -1 beyond the last. labels [lists,size] may be null; boxes of unlike labels do not suppress each
// other.
void suppress(int32_t* kept, const Box* boxes, const int32_t* labels, const int32_t* counts, int64_t size,
              int64_t lists, int64_t limit, double threshold);

}  // namespace selvage::cuda

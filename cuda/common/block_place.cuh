// Lists in the order of their elements, made by a block.
#pragma once

#include "common/kernel.cuh"

namespace selvage::cuda {

// The place of a flag among those set before it, in order of the block's threads; total is the block's number of them.
// Every thread of the block takes part.
template <int kWarps>
__device__ __forceinline__ int place_in_block(bool flag, int (&of_warp)[kWarps], int& total) {
  const unsigned votes = __ballot_sync(kAllLanes, flag);
  const unsigned lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  __syncthreads();  // the counts of a call before have been read
  if (lane == 0) of_warp[warp] = __popc(votes);
  __syncthreads();
  int before = 0;
  total = 0;
  for (unsigned w = 0; w < kWarps; ++w) {
    before += w < warp ? of_warp[w] : 0;
    total += of_warp[w];
  }
  return before + __popc(votes & ((1u << lane) - 1));
}

}  // namespace selvage::cuda

// Losses over regions of which some take no part: which ones, and how many, is known on the device alone.
#pragma once

#include "common/reduce.cuh"

namespace selvage::cuda {

// How many of the list's values are `lowest` or more, in every thread of the block.
__device__ __forceinline__ double count_from(const float* list, int64_t rows, float lowest) {
  SHARED(double, in_block);
  double mine = 0;
  for (int64_t r = threadIdx.x; r < rows; r += blockDim.x) mine += list[r] >= lowest ? 1 : 0;
  mine = block_sum(mine);
  if (threadIdx.x == 0) in_block = mine;
  __syncthreads();
  return in_block;
}

// By which a sum over the elements of these rows is multiplied for their mean; 0 if there are none.
__device__ __forceinline__ double share_of_each(const float* list, int64_t rows, float lowest, int64_t elements) {
  const double count = count_from(list, rows, lowest) * static_cast<double>(elements);
  return count == 0 ? 0 : 1 / count;
}

// y = the mean, from the blocks' sums, in an order that their number alone decides. One block.
template <typename To>
__global__ void mean_finish(To* y, const double* sums, int64_t blocks, const float* list, int64_t rows, float lowest,
                            int64_t elements) {
  const double share = share_of_each(list, rows, lowest, elements);
  double sum = 0;
  for (int64_t i = threadIdx.x; i < blocks; i += blockDim.x) sum += sums[i];
  sum = block_sum(sum);
  if (threadIdx.x == 0) *y = static_cast<To>(share * sum);
}

}  // namespace selvage::cuda

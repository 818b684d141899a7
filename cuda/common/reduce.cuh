// Sums whose order is fixed by the number of terms alone: each block adds a fixed share by a fixed tree, in double, and
// the blocks' sums are added in order.
#pragma once

#include <vector>

#include "common/kernel.cuh"

namespace selvage::cuda {

// The blocks, of kThreads, that share a sum of `count` terms: 16 terms a thread or more, 4 blocks an SM at most.
inline unsigned sum_blocks(int64_t count) {
  const int64_t blocks = (count + 16 * kThreads - 1) / (16 * kThreads);
  return static_cast<unsigned>(blocks < 1 ? 1 : (blocks < 512 ? blocks : 512));
}

// The sum of the block's values, in thread 0. Every thread of the block takes part.
__device__ __forceinline__ double block_sum(double value) {
  SHARED(double[32], of_warp);
  __syncthreads();  // thread 0 may still be reading the sums of a call before
#pragma unroll
  for (int step = 16; step > 0; step /= 2) value += __shfl_down_sync(kAllLanes, value, step);
  if (threadIdx.x % 32 == 0) of_warp[threadIdx.x / 32] = value;
  __syncthreads();
  if (threadIdx.x == 0) {
    for (unsigned warp = 1; warp < blockDim.x / 32; ++warp) value += of_warp[warp];
  }
  return value;
}

// y = factor times the sum of `count` blocks' sums, in an order that their number alone decides. One block.
template <typename To>
__global__ void reduce_finish(To* y, const double* sums, int64_t count, double factor) {
  double sum = 0;
  for (int64_t i = threadIdx.x; i < count; i += blockDim.x) sum += sums[i];
  sum = block_sum(sum);
  if (threadIdx.x == 0) *y = static_cast<To>(factor * sum);
}

// The blocks' sums, added on the host once they are there.
inline double add_in_order(const double* sums, int64_t count) {
  std::vector<double> host(count);
  download(host.data(), sums, count * static_cast<int64_t>(sizeof(double)));
  double total = 0;
  for (double s : host) total += s;
  return total;
}

}  // namespace selvage::cuda

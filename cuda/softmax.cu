// Softmax over the last axis: x, y [rows, width] floats.
//
// Launch: as many lanes a row as width needs, a power of two of at most 32, so that a warp takes 16 rows of the RPN's
// two classes, or one of a box head's 47; lanes take every so many columns of wider rows. Bytes: x up to three times,
// from the first-level cache after the first, and y once. Deterministic: each row's sum is one fixed tree, in double.
#include "common/warp_reduce.cuh"
#include "ops.h"

namespace selvage::cuda {
namespace {

__global__ void softmax_rows(float* y, const float* x, int64_t rows, int64_t width, int lanes) {
  const int lane = threadIdx.x % lanes;
  // Whole warps run each round together: shuffles need all lanes.
  const int64_t step = global_threads() / lanes, rounds = (rows + step - 1) / step;
  for (int64_t round = 0, r = global_thread() / lanes; round < rounds; ++round, r += step) {
    const int64_t end = r < rows ? width : 0;
    const float* from = x + r * width;
    float highest = -INFINITY;
    for (int64_t c = lane; c < end; c += lanes) highest = max_or_nan(highest, from[c]);
    highest = warp_max(highest, lanes);
    double total = 0;
    for (int64_t c = lane; c < end; c += lanes) total += expf(from[c] - highest);
    total = warp_sum(total, lanes);
    for (int64_t c = lane; c < end; c += lanes) {
      y[r * width + c] = static_cast<float>(expf(from[c] - highest) / total);
    }
  }
}

}  // namespace

void softmax(Tensor* y, const Tensor* x) {
  if (x->size() == 0) return;
  const int lanes = lanes_per_row(x->last());
  LAUNCH(softmax_rows, blocks_for(x->rows() * lanes), kThreads, 0, y->data(), x->data(), x->rows(), x->last(), lanes);
}

}  // namespace selvage::cuda

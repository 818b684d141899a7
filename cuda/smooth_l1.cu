// The box losses (Girshick 2015, equation 3), value and gradient in one pass: pred, target, dpred [n] floats.
//
// Launch: one element a thread and a stride, at most 512 blocks, each of which leaves one partial sum of the loss in
// double, added in order by one more block. Bytes: each operand once. n is 4 a positive anchor or region: some
// thousands, so that the launch is the cost. Deterministic.
#include "common/elements.cuh"
#include "common/reduce.cuh"
#include "ops.h"

namespace selvage::cuda {
namespace {

__global__ void smooth_l1_terms(double* sums, float* dpred, const float* pred, const float* target, int64_t count,
                                double share) {
  double loss = 0;
  for (int64_t i = global_thread(); i < count; i += global_threads()) {
    const double d = static_cast<double>(pred[i]) - target[i];
    const bool near = d > -1 && d < 1;
    loss += near ? 0.5 * d * d : fabs(d) - 0.5;
    const double slope = near || is_nan(d) ? d : (d > 0 ? 1.0 : -1.0);
    dpred[i] = static_cast<float>(slope * share);
  }
  loss = block_sum(loss);
  if (threadIdx.x == 0) sums[blockIdx.x] = loss;
}

}  // namespace

void smooth_l1(Tensor* loss, Tensor* dpred, const Tensor* pred, const Tensor* target) {
  const int64_t count = pred->size();
  if (count == 0) return cuda::fill(loss, 0);
  const double share = 1.0 / static_cast<double>(count);
  const unsigned blocks = sum_blocks(count);
  Workspace<double> sums(blocks);
  LAUNCH(smooth_l1_terms, blocks, kThreads, 0, sums.data(), dpred->data(), pred->data(), target->data(), count, share);
  LAUNCH(reduce_finish<float>, 1, kThreads, 0, loss->data(), sums.data(), static_cast<int64_t>(blocks), share);
}

}  // namespace selvage::cuda

// The loss of the boxes, smooth L1 (Girshick 2015, equation 3), value and gradient in one pass: of regions' own
// classes, pred, dpred [R,K,4], target [R,4], class_ids [R], all floats.
//
// Launch: one element a thread and a stride, at most 512 blocks, each of which leaves one partial sum of the loss in
// double, added in order by one more block. Bytes: each operand once. n is 4 a positive anchor or region: some
// thousands, and the other classes' gradients are 1.2 MB of zeros for 1,600 regions of 47 classes: the launch is the
// cost. Deterministic.
#include "common/elements.cuh"
#include "common/taking_part.cuh"
#include "ops.h"

namespace selvage::cuda {
namespace {

__device__ __forceinline__ double smooth_l1_of(double d) { return d > -1 && d < 1 ? 0.5 * d * d : fabs(d) - 0.5; }

__device__ __forceinline__ double slope_of(double d) {
  return (d > -1 && d < 1) || is_nan(d) ? d : (d > 0 ? 1.0 : -1.0);
}

__global__ void box_loss_terms(double* sums, float* dpred, const float* pred, const float* target,
                               const float* class_ids, int64_t rois, int classes) {
  const double share = share_of_each(class_ids, rois, 1, 4);
  double loss = 0;
  for (int64_t i = global_thread(); i < rois * classes * 4; i += global_threads()) {
    const int64_t place = i / 4, roi = place / classes;
    const int label = static_cast<int>(class_ids[roi]);
    if (label < 1 || (classes > 1 && place % classes != label)) {
      dpred[i] = 0;
      continue;
    }
    const double d = static_cast<double>(pred[i]) - target[4 * roi + i % 4];
    loss += smooth_l1_of(d);
    dpred[i] = static_cast<float>(slope_of(d) * share);
  }
  loss = block_sum(loss);
  if (threadIdx.x == 0) sums[blockIdx.x] = loss;
}

}  // namespace

void box_loss(Tensor* loss, Tensor* dpred, const Tensor* pred, const Tensor* target, const Tensor* class_ids) {
  const int64_t rois = pred->dim(0);
  if (pred->size() == 0) return cuda::fill(loss, 0);
  const unsigned blocks = sum_blocks(pred->size());
  Workspace<double> sums(blocks);
  LAUNCH(box_loss_terms, blocks, kThreads, 0, sums.data(), dpred->data(), pred->data(), target->data(),
         class_ids->data(), rois, static_cast<int>(pred->dim(1)));
  LAUNCH(mean_finish<float>, 1, kThreads, 0, loss->data(), sums.data(), static_cast<int64_t>(blocks), class_ids->data(),
         rois, 1.0f, int64_t{4});
}

}  // namespace selvage::cuda

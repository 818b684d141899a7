// What the mask head learns: each region's part of its object's mini mask, 0 or 1. mini_masks [G,H,W], boxes [P,4],
// mask_indices [P], below 0 for a region without, y [P,S,S], all floats.
//
// Launch: one cell a thread. Bytes: y once, and mini masks (12 KB of 56x56) from the caches; 8 images with 66 regions
// of 28x28 are 1.7 MB, so that the launch is the cost. Products and sums are not fused: a half must round as on the
// CPU. Deterministic.
#include "common/bilinear.cuh"
#include "ops.h"

namespace selvage::cuda {
namespace {

__device__ __forceinline__ float mix(float a, float b, float share) {
  return __fadd_rn(__fmul_rn(a, 1 - share), __fmul_rn(b, share));
}

__global__ void mask_targets_kernel(float* y, const float* masks, const float* boxes, const float* mask_indices,
                                    int64_t count, int side, int h, int w) {
  for (int64_t i = global_thread(); i < count; i += global_threads()) {
    const int64_t region = i / (side * side);
    const int cell = static_cast<int>(i % (side * side));
    const int64_t index = static_cast<int64_t>(mask_indices[region]);
    if (index < 0) {
      y[i] = 0;
      continue;
    }
    const float* box = boxes + 4 * region;
    const float* mask = masks + index * h * w;
    const Sample row = sample(box[0], box[2], h, cell / side, side);
    const Sample column = sample(box[1], box[3], w, cell % side, side);
    float value = 0.0f;
    if (row.inside && column.inside) {
      const float top = mix(mask[row.low * w + column.low], mask[row.low * w + column.high], column.share);
      const float bottom = mix(mask[row.high * w + column.low], mask[row.high * w + column.high], column.share);
      value = rintf(mix(top, bottom, row.share));  // half to even, as numpy
    }
    y[i] = value;
  }
}

}  // namespace

void mask_targets(Tensor* y, const Tensor* mini_masks, const Tensor* boxes, const Tensor* mask_indices) {
  if (y->size() == 0) return;
  LAUNCH(mask_targets_kernel, blocks_for(y->size()), kThreads, 0, y->data(), mini_masks->data(), boxes->data(),
         mask_indices->data(), y->size(), static_cast<int>(y->dim(1)), static_cast<int>(mini_masks->dim(1)),
         static_cast<int>(mini_masks->dim(2)));
}

}  // namespace selvage::cuda

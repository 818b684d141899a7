// The detection layer: boxes of the likeliest classes, clipped to the window, thinned by NMS class by class.
// rois [R,4], probs [R,K], deltas [R,K,4] -> y [D,6] rows (y1,x1,y2,x2,class,score).
//
// refine_detections_classify: a warp a region finds the likeliest class (the first of equals, as the CPU's), the box in
// double, and lists the region if it is no background and likely enough; its place in the list is chance, but rank
// (nms.cuh) has one answer only. refine_detections_gather: one detection a thread puts boxes and classes in order of
// the score. suppress (nms.cuh): boxes of unlike classes leave each other alone; walking all classes together by
// falling score and ending at D keeps the same boxes as D a class, sorted and cut. refine_detections_write: one row a
// thread. Bytes: probs once and 16 R of deltas; 1,000 regions are some microseconds a launch. Deterministic, and
// nothing visits the host.
#include "common/nms.cuh"
#include "ops.h"

namespace selvage::cuda {
namespace {

struct Found {
  Box box;
  float score;
  int32_t label;
};

__global__ void refine_detections_classify(Found* found, uint64_t* keys, int32_t* count, const float* rois,
                                           const float* probs, const float* deltas, int64_t regions, int classes,
                                           Box window, float min_confidence, Deviations deviations) {
  const int lane = threadIdx.x % 32;
  for (int64_t r = global_thread() / 32; r < regions; r += global_threads() / 32) {
    const float* p = probs + r * classes;
    float score = -INFINITY;
    int best = classes;  // none yet
    for (int c = lane; c < classes; c += 32) {
      const float value = p[c];
      if (value > score || (best == classes && value == score)) score = value, best = c;
    }
    for (int step = 16; step > 0; step /= 2) {
      const float other = __shfl_xor_sync(kAllLanes, score, step);
      const int at = __shfl_xor_sync(kAllLanes, best, step);
      if (other > score || (other == score && at < best)) score = other, best = at;
    }
    // A NaN is never beaten if it comes first, and never wins elsewhere, as in std::max_element.
    if (lane != 0 || is_nan(p[0]) || best == 0 || best == classes || !(score >= min_confidence)) continue;
    const float* delta = deltas + (r * classes + best) * 4;
    found[r] = {clip(apply_deltas(rois + 4 * r, delta, deviations), window), score, best};
    keys[atomicAdd(count, 1)] = rank_key(score, r);
  }
}

__global__ void refine_detections_gather(Box* boxes, int32_t* labels, const Found* found, const int32_t* order,
                                         const int32_t* count) {
  for (int64_t i = global_thread(); i < *count; i += global_threads()) {
    boxes[i] = found[order[i]].box;
    labels[i] = found[order[i]].label;
  }
}

__global__ void refine_detections_write(float* y, const int32_t* kept, const int32_t* order, const Found* found,
                                        int64_t rows) {
  for (int64_t i = global_thread(); i < rows; i += global_threads()) {
    const int32_t place = kept[i];
    const Found f = place < 0 ? Found{{0, 0, 0, 0}, 0, 0} : found[order[place]];
    float* row = y + 6 * i;
    row[0] = static_cast<float>(f.box.y1);
    row[1] = static_cast<float>(f.box.x1);
    row[2] = static_cast<float>(f.box.y2);
    row[3] = static_cast<float>(f.box.x2);
    row[4] = static_cast<float>(f.label);
    row[5] = f.score;
  }
}

}  // namespace

void refine_detections(Tensor* y, const Tensor* rois, const Tensor* probs, const Tensor* deltas, float window_y1,
                       float window_x1, float window_y2, float window_x2, float min_confidence, float nms_threshold,
                       const float* deviations) {
  const int64_t regions = probs->dim(0), rows = y->dim(0);
  if (rows == 0) return;
  if (probs->size() == 0) return cuda::fill(y, 0);
  const Box window{window_y1, window_x1, window_y2, window_x2};
  Workspace<Found> found(regions);
  Workspace<uint64_t> keys(regions);
  Workspace<int32_t> count(1), order(regions), labels(regions), kept(rows);
  Workspace<Box> boxes(regions);
  check_cuda(cudaMemsetAsync(count.data(), 0, sizeof(int32_t), stream()), "refine_detections");
  LAUNCH(refine_detections_classify, blocks_for(32 * regions), kThreads, 0, found.data(), keys.data(), count.data(),
         rois->data(), probs->data(), deltas->data(), regions, static_cast<int>(probs->dim(1)), window, min_confidence,
         Deviations(deviations));
  rank(order.data(), keys.data(), count.data(), regions, 1);
  LAUNCH(refine_detections_gather, blocks_for(regions), kThreads, 0, boxes.data(), labels.data(), found.data(),
         order.data(), count.data());
  suppress(kept.data(), boxes.data(), labels.data(), count.data(), regions, 1, rows, nms_threshold);
  LAUNCH(refine_detections_write, blocks_for(rows), kThreads, 0, y->data(), kept.data(), order.data(), found.data(),
         rows);
}

}  // namespace selvage::cuda

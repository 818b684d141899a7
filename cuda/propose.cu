// The proposal layer (Ren et al. 2015, section 3.3): logits [N,A,2], deltas [N,A,4], anchors [A,4]
// -> y [N,count,4], zero padded. Nothing visits the host.
//
// propose_score: one anchor a thread; the key falls with the difference of the logits, which rises with the probability
// and unlike it does not saturate to equal values. Bytes: 8 read and 4 written an anchor.
// propose_choose_best: one block of 1024 an image finds the pre_nms smallest keys: four passes of a histogram of 256
// buckets, from the highest byte down, in 16 copies so that lanes with one bucket, the usual case, seldom meet; then
// one pass that writes the chosen to a list by an atomic counter: its order is chance, but rank, next, has one answer
// only. If keys equal to the last one are more than fit, their pass goes in order of the index and takes the first.
// Bytes: 4 A five times, from the second-level cache; 268,000 anchors of an 800x1344 image take some 0.2 ms on one SM,
// images side by side. rank (nms.cuh), propose_decode: one box a thread, in double. suppress (nms.cuh), propose_write:
// one proposal a thread. Deterministic; with a GPU's exp the decoded boxes may differ from the CPU's in the last place
// of a double.
#include "common/block_place.cuh"
#include "common/nms.cuh"
#include "ops.h"

namespace selvage::cuda {
namespace {

constexpr int kSelectThreads = 1024, kBuckets = 256, kCopies = 16;

__global__ void propose_score(uint32_t* keys, const float* logits, int64_t count) {
  for (int64_t a = global_thread(); a < count; a += global_threads()) {
    const float margin = logits[2 * a + 1] - logits[2 * a];
    keys[a] = score_key(is_nan(margin) ? -INFINITY : margin);
  }
}

// chosen [N,best]: the `best` smallest keys [N,A] with their index as low half, in no order.
__global__ void __launch_bounds__(kSelectThreads)
    propose_choose_best(uint64_t* chosen, int32_t* counts, const uint32_t* keys, int64_t anchors, int64_t best) {
  SHARED(int[kBuckets * kCopies], histogram);
  SHARED(int[32], of_warp);
  SHARED(uint32_t, high);   // the last chosen key's bytes so far
  SHARED(int64_t, wanted);  // how many of the keys that begin so
  SHARED(int, equal);
  SHARED(int, slot);
  keys += blockIdx.x * anchors;
  chosen += blockIdx.x * best;
  if (threadIdx.x == 0) high = 0, wanted = best, slot = 0, counts[blockIdx.x] = static_cast<int32_t>(best);
  for (int shift = 24; shift >= 0; shift -= 8) {
    for (int i = threadIdx.x; i < kBuckets * kCopies; i += kSelectThreads) histogram[i] = 0;
    __syncthreads();
    const uint32_t begin = high;
    for (int64_t a = threadIdx.x; a < anchors; a += kSelectThreads) {
      const uint32_t key = keys[a];
      const bool same = shift == 24 || key >> (shift + 8) == begin;
      if (same) atomicAdd(&histogram[(key >> shift & 255) * kCopies + threadIdx.x % kCopies], 1);
    }
    __syncthreads();
    if (threadIdx.x < kBuckets) {
      int sum = 0;
      for (int copy = 0; copy < kCopies; ++copy) sum += histogram[threadIdx.x * kCopies + copy];
      histogram[threadIdx.x * kCopies] = sum;
    }
    __syncthreads();
    if (threadIdx.x == 0) {
      int bucket = 0;
      int64_t left = wanted;
      while (left > histogram[bucket * kCopies]) left -= histogram[bucket++ * kCopies];
      wanted = left;
      equal = histogram[bucket * kCopies];
      high = begin << 8 | static_cast<uint32_t>(bucket);
    }
    __syncthreads();
  }
  const uint32_t last = high;
  const int64_t of_last = wanted;
  const bool in_order = equal > of_last;
  int64_t taken = 0;  // of those equal to the last
  for (int64_t first = 0; first < anchors; first += kSelectThreads) {
    const int64_t a = first + threadIdx.x;
    const uint32_t key = a < anchors ? keys[a] : ~0u;
    bool take = a < anchors && (in_order ? key < last : key <= last);
    if (in_order && taken < of_last) {
      const bool ties = a < anchors && key == last;
      int more;
      const int place = place_in_block(ties, of_warp, more);
      take = take || (ties && taken + place < of_last);
      taken += more;
    }
    if (take) chosen[atomicAdd(&slot, 1)] = static_cast<uint64_t>(key) << 32 | static_cast<uint32_t>(a);
  }
}

__global__ void propose_decode(Box* boxes, const int32_t* order, const float* deltas, const float* anchors,
                               int64_t anchor_count, int64_t best, int64_t images, Deviations deviations) {
  for (int64_t i = global_thread(); i < images * best; i += global_threads()) {
    const int64_t a = order[i];
    const float* delta = deltas + (i / best * anchor_count + a) * 4;
    boxes[i] = clip(apply_deltas(anchors + 4 * a, delta, deviations), {0, 0, 1, 1});
  }
}

__global__ void propose_write(float* y, const int32_t* kept, const Box* boxes, int64_t best, int64_t count,
                              int64_t images) {
  for (int64_t i = global_thread(); i < images * count; i += global_threads()) {
    const int32_t place = kept[i];
    const Box b = place < 0 ? Box{0, 0, 0, 0} : boxes[i / count * best + place];
    y[4 * i] = static_cast<float>(b.y1);
    y[4 * i + 1] = static_cast<float>(b.x1);
    y[4 * i + 2] = static_cast<float>(b.y2);
    y[4 * i + 3] = static_cast<float>(b.x2);
  }
}

}  // namespace

void propose(Tensor* y, const Tensor* logits, const Tensor* deltas, const Tensor* anchors, int pre_nms,
             float nms_threshold, const float* deviations) {
  const int64_t images = y->dim(0), count = y->dim(1), total = anchors->dim(0);
  const int64_t best = pre_nms < total ? pre_nms : total;
  if (y->size() == 0) return;
  if (best == 0) return cuda::fill(y, 0);
  Workspace<uint32_t> keys(images * total);
  Workspace<uint64_t> chosen(images * best);
  Workspace<int32_t> counts(images), order(images * best), kept(images * count);
  Workspace<Box> boxes(images * best);
  LAUNCH(propose_score, blocks_for(images * total), kThreads, 0, keys.data(), logits->data(), images * total);
  LAUNCH(propose_choose_best, static_cast<unsigned>(images), kSelectThreads, 0, chosen.data(), counts.data(),
         keys.data(), total, best);
  rank(order.data(), chosen.data(), counts.data(), best, images);
  LAUNCH(propose_decode, blocks_for(images * best), kThreads, 0, boxes.data(), order.data(), deltas->data(),
         anchors->data(), total, best, images, Deviations(deviations));
  suppress(kept.data(), boxes.data(), nullptr, counts.data(), best, images, count, nms_threshold);
  LAUNCH(propose_write, blocks_for(images * count), kThreads, 0, y->data(), kept.data(), boxes.data(), best, count,
         images);
}

}  // namespace selvage::cuda

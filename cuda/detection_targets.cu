// What the heads learn from (Girshick 2015, section 2.3): proposals [N,C,4], of which each image gets T = R / N
// regions: boxes, deltas [R,4], class_ids [R]; and the positives of all images once more, [M] of them. All floats;
// objects, their numbers and the random draws come from the host. Nothing visits the host: it need not know how many
// positives there are.
//
// detection_targets_match: one proposal a thread looks at all objects of its image, in double, whose products must not
// be fused, so that ties fall as on the CPU. 2,000 proposals and 7 objects in each of 8 images: 112,000 overlaps.
// detection_targets_list: one block of 1024 an image lists its positives and negatives in order.
// detection_targets_draw: one thread turns the random bits into the places that the shuffles swap. A number may be
// rejected, and then all later ones move up, so that this is one loop over all images: 1,600 turns, some 40 us.
// detection_targets_choose: one block an image; one thread swaps, then each takes a region. 200 swaps, some 20 us.
// Deterministic; with a GPU's log, deltas may differ from the CPU's in the last place of a double, before they are
// rounded to floats.
#include <vector>

#include "common/block_place.cuh"
#include "common/boxes.cuh"
#include "ops.h"

namespace selvage::cuda {
namespace {

constexpr int kListThreads = 1024;
constexpr int32_t kPadding = -2, kNegative = -1;  // in place of an object
constexpr double kPositiveIou = 0.5;

struct Object {
  Box box;
  int64_t label;
};

// What one image gives to the lists of all.
struct Chosen {
  int32_t positives, negatives, first_slot;
};

struct Regions {
  float *boxes, *class_ids, *deltas;
};

struct Positives {
  float *boxes, *images, *classes, *mask_indices, *mask_boxes;
};

__device__ __forceinline__ double area(const Box& b) { return __dmul_rn(b.y2 - b.y1, b.x2 - b.x1); }

__device__ __forceinline__ double iou(const Box& a, const Box& b) {
  const double h = (a.y2 < b.y2 ? a.y2 : b.y2) - (a.y1 > b.y1 ? a.y1 : b.y1);
  const double w = (a.x2 < b.x2 ? a.x2 : b.x2) - (a.x1 > b.x1 ? a.x1 : b.x1);
  const double common = __dmul_rn(h > 0 ? h : 0, w > 0 ? w : 0);
  const double both = __dadd_rn(area(a), area(b)) - common;
  return both == 0 ? 0 : common / both;
}

__device__ __forceinline__ Box box_of(const float* b) { return {b[0], b[1], b[2], b[3]}; }

__global__ void detection_targets_match(int32_t* matches, const float* proposals, const Object* objects,
                                        const int32_t* first_objects, int64_t count, int64_t each) {
  for (int64_t i = global_thread(); i < count; i += global_threads()) {
    const Box roi = box_of(proposals + 4 * i);
    int32_t best = kPadding;
    if (roi.y1 != 0 || roi.x1 != 0 || roi.y2 != 0 || roi.x2 != 0) {
      const int64_t image = i / each;
      double overlap = 0;
      for (int32_t g = first_objects[image]; g < first_objects[image + 1]; ++g) {
        const double with_this = iou(roi, objects[g].box);
        if (with_this > overlap) overlap = with_this, best = g;
      }
      if (overlap < kPositiveIou) best = kNegative;
    }
    matches[i] = best;
  }
}

// candidates [N,2,C]: of each image its positives, then its negatives; counts [N,2] of them.
__global__ void __launch_bounds__(kListThreads)
    detection_targets_list(int32_t* candidates, int32_t* counts, const int32_t* matches, int64_t each) {
  SHARED(int[kListThreads / 32], of_warp);
  const int64_t image = blockIdx.x;
  for (int negative = 0; negative < 2; ++negative) {
    int32_t* list = candidates + (2 * image + negative) * each;
    int32_t length = 0;
    for (int64_t first = 0; first < each; first += kListThreads) {
      const int64_t i = first + threadIdx.x;
      const int32_t match = i < each ? matches[image * each + i] : kPadding;
      const bool listed = negative == 1 ? match == kNegative : match >= 0;
      int more;
      const int place = place_in_block(listed, of_warp, more);
      if (listed) list[length + place] = static_cast<int32_t>(i);
      length += more;
    }
    if (threadIdx.x == 0) counts[2 * image + negative] = length;
  }
}

// As java.util.Random.nextInt(bound) turns the next numbers of 31 random bits into one below the bound.
__device__ __forceinline__ int32_t below(int32_t bound, const int32_t* draws, int64_t draw_count, int64_t& at) {
  const auto next = [&] { return at < draw_count ? draws[at++] : 0; };
  int32_t bits = next();
  if ((bound & (bound - 1)) == 0) return static_cast<int32_t>(static_cast<int64_t>(bound) * bits >> 31);
  // Numbers above the last multiple of the bound would make some results likelier than others.
  while (static_cast<int64_t>(bits) - bits % bound + (bound - 1) > INT32_MAX) bits = next();
  return bits % bound;
}

// swaps [R]: each image's positives, then its negatives; the last of chosen [N+1] says where all positives end.
__global__ void detection_targets_draw(int32_t* swaps, Chosen* chosen, const int32_t* counts, const int32_t* draws,
                                       int64_t draw_count, int64_t images, int64_t per_image, int32_t most_positive,
                                       double per_positive) {
  if (global_thread() != 0) return;
  int64_t at = 0;
  int32_t slot = 0;
  for (int64_t image = 0; image < images; ++image) {
    const int32_t near = counts[2 * image], far = counts[2 * image + 1];
    const int32_t positives = near < most_positive ? near : most_positive;
    const int32_t wanted = static_cast<int32_t>(per_positive * positives) - positives;
    const int32_t negatives = far < wanted ? far : wanted;
    int32_t* swap = swaps + image * per_image;
    for (int32_t i = 0; i < positives; ++i) *swap++ = i + below(near - i, draws, draw_count, at);
    for (int32_t i = 0; i < negatives; ++i) *swap++ = i + below(far - i, draws, draw_count, at);
    chosen[image] = {positives, negatives, slot};
    slot += positives;
  }
  chosen[images] = {0, 0, slot};
}

__device__ __forceinline__ void put_positive(const Regions& regions, const Positives& to, int64_t row, int64_t slot,
                                             int64_t image, const float* b, const Object& object, int32_t index,
                                             const Deviations& deviations, bool whole_masks) {
  const Box roi = box_of(b), o = object.box;
  const double h = roi.y2 - roi.y1, w = roi.x2 - roi.x1, object_h = o.y2 - o.y1, object_w = o.x2 - o.x1;
  float* delta = regions.deltas + 4 * row;
  delta[0] = static_cast<float>(((o.y1 + 0.5 * object_h) - (roi.y1 + 0.5 * h)) / h / deviations.dy);
  delta[1] = static_cast<float>(((o.x1 + 0.5 * object_w) - (roi.x1 + 0.5 * w)) / w / deviations.dx);
  delta[2] = static_cast<float>(log(object_h / h) / deviations.dh);
  delta[3] = static_cast<float>(log(object_w / w) / deviations.dw);
  const double from_y = whole_masks ? 0 : o.y1, from_x = whole_masks ? 0 : o.x1;
  const double length_y = whole_masks ? 1 : object_h, length_x = whole_masks ? 1 : object_w;
  float* frame = to.mask_boxes + 4 * slot;
  frame[0] = static_cast<float>((roi.y1 - from_y) / length_y);
  frame[1] = static_cast<float>((roi.x1 - from_x) / length_x);
  frame[2] = static_cast<float>((roi.y2 - from_y) / length_y);
  frame[3] = static_cast<float>((roi.x2 - from_x) / length_x);
  for (int k = 0; k < 4; ++k) to.boxes[4 * slot + k] = b[k];
  regions.class_ids[row] = to.classes[slot] = static_cast<float>(object.label);
  to.images[slot] = static_cast<float>(image);
  to.mask_indices[slot] = static_cast<float>(index);
}

__global__ void detection_targets_choose(Regions regions, Positives to, int32_t* candidates, const int32_t* swaps,
                                         const Chosen* chosen, const int32_t* matches, const Object* objects,
                                         const float* proposals, int64_t each, int64_t per_image, int64_t most,
                                         Deviations deviations, bool whole_masks) {
  const int64_t image = blockIdx.x;
  const Chosen mine = chosen[image];
  int32_t* near = candidates + 2 * image * each;
  int32_t* far = near + each;
  if (threadIdx.x == 0) {
    const int32_t* swap = swaps + image * per_image;
    for (int32_t i = 0; i < mine.positives + mine.negatives; ++i) {
      int32_t* list = i < mine.positives ? near : far - mine.positives;
      int32_t* other = (i < mine.positives ? near : far) + swap[i];
      const int32_t first = list[i];
      list[i] = *other;
      *other = first;
    }
  }
  __syncthreads();
  for (int32_t i = threadIdx.x; i < per_image; i += blockDim.x) {
    const int64_t row = image * per_image + i;
    if (i < mine.positives) {
      const int64_t roi = image * each + near[i];
      const int32_t object = matches[roi];
      for (int k = 0; k < 4; ++k) regions.boxes[4 * row + k] = proposals[4 * roi + k];
      put_positive(regions, to, row, mine.first_slot + i, image, proposals + 4 * roi, objects[object], object,
                   deviations, whole_masks);
      continue;
    }
    const bool negative = i < mine.positives + mine.negatives;
    const float* from = proposals + 4 * (image * each + (negative ? far[i - mine.positives] : 0));
    for (int k = 0; k < 4; ++k) {
      regions.boxes[4 * row + k] = negative ? from[k] : 0;
      regions.deltas[4 * row + k] = 0;
    }
    regions.class_ids[row] = 0;
  }
  // What is left over of the list of positives.
  for (int64_t slot = chosen[gridDim.x].first_slot + global_thread(); slot < most; slot += global_threads()) {
    for (int k = 0; k < 4; ++k) to.boxes[4 * slot + k] = to.mask_boxes[4 * slot + k] = 0;
    to.classes[slot] = 0;
    to.images[slot] = to.mask_indices[slot] = -1;
  }
}

// Their boxes normalized. As many as fill a block of memory, so that the tensors around lie at the same addresses in
// each step.
std::vector<Object> objects_of(const float* boxes, const int32_t* classes, int32_t count, int image_height,
                               int image_width) {
  constexpr int32_t kMultiple = 1024;
  std::vector<Object> objects((count / kMultiple + 1) * kMultiple);
  const double h = image_height - 1, w = image_width - 1;
  for (int32_t g = 0; g < count; ++g) {
    const float* b = boxes + 4 * static_cast<int64_t>(g);
    objects[g] = {{b[0] / h, b[1] / w, (static_cast<double>(b[2]) - 1) / h, (static_cast<double>(b[3]) - 1) / w},
                  classes[g]};
  }
  return objects;
}

template <typename T>
Uploaded<T> uploaded(const std::vector<T>& values) {
  return Uploaded<T>(values.data(), static_cast<int64_t>(values.size()));
}

}  // namespace

void detection_targets(Tensor* boxes, Tensor* class_ids, Tensor* deltas, Tensor* positive_boxes,
                       Tensor* positive_images, Tensor* positive_classes, Tensor* mask_indices, Tensor* mask_boxes,
                       const Tensor* proposals, const float* object_boxes, const int32_t* object_classes,
                       const int32_t* object_counts, const int32_t* draws, int64_t draw_count, int image_height,
                       int image_width, double positive_ratio, const float* deviations, bool whole_masks) {
  const int64_t images = proposals->dim(0), each = proposals->dim(1), rois = class_ids->size();
  const int64_t per_image = rois / images, most = mask_indices->size();
  std::vector<int32_t> first_objects(images + 1, 0);
  for (int64_t n = 0; n < images; ++n) first_objects[n + 1] = first_objects[n] + object_counts[n];
  auto objects = uploaded(objects_of(object_boxes, object_classes, first_objects.back(), image_height, image_width));
  auto first = uploaded(first_objects);
  Uploaded<int32_t> bits(draws, draw_count);
  Workspace<int32_t> matches(images * each), candidates(2 * images * each), counts(2 * images), swaps(rois);
  Workspace<Chosen> chosen(images + 1);
  if (each > 0) {
    LAUNCH(detection_targets_match, blocks_for(images * each), kThreads, 0, matches.data(), proposals->data(),
           objects.data(), first.data(), images * each, each);
  }
  LAUNCH(detection_targets_list, static_cast<unsigned>(images), kListThreads, 0, candidates.data(), counts.data(),
         matches.data(), each);
  LAUNCH(detection_targets_draw, 1, 32, 0, swaps.data(), chosen.data(), counts.data(), bits.data(), draw_count, images,
         per_image, static_cast<int32_t>(static_cast<double>(per_image) * positive_ratio), 1 / positive_ratio);
  LAUNCH(detection_targets_choose, static_cast<unsigned>(images), kThreads, 0,
         Regions{boxes->data(), class_ids->data(), deltas->data()},
         Positives{positive_boxes->data(), positive_images->data(), positive_classes->data(), mask_indices->data(),
                   mask_boxes->data()},
         candidates.data(), swaps.data(), chosen.data(), matches.data(), objects.data(), proposals->data(), each,
         per_image, most, Deviations(deviations), whole_masks);
}

}  // namespace selvage::cuda

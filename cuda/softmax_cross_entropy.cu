// Sparse softmax cross-entropy, value and gradient in one pass: logits, dlogits [rows, classes] floats, labels [rows],
// one below 0 takes no part.
//
// Launch: as softmax's, as many lanes a row as classes need; at most 512 blocks, each of which leaves one partial sum
// of the loss, added in order by one more block. Bytes: logits up to three times, from the first-level cache after the
// first, and dlogits once. Inner sums in double. Deterministic.
#include "common/taking_part.cuh"
#include "common/warp_reduce.cuh"
#include "ops.h"

namespace selvage::cuda {
namespace {

__global__ void softmax_cross_entropy_terms(double* sums, float* dlogits, const float* logits, const float* labels,
                                            int64_t rows, int64_t classes, int lanes) {
  const double share = share_of_each(labels, rows, 0, 1);
  const int lane = threadIdx.x % lanes;
  const int64_t step = global_threads() / lanes, rounds = (rows + step - 1) / step;
  double loss = 0;
  for (int64_t round = 0, r = global_thread() / lanes; round < rounds; ++round, r += step) {
    const int label = r < rows ? static_cast<int>(labels[r]) : -1;
    const int64_t end = label < 0 ? 0 : classes;
    const float* x = logits + r * classes;
    float highest = -INFINITY;
    for (int64_t c = lane; c < end; c += lanes) highest = max_or_nan(highest, x[c]);
    highest = warp_max(highest, lanes);
    double total = 0;
    for (int64_t c = lane; c < end; c += lanes) total += exp(static_cast<double>(x[c]) - highest);
    total = warp_sum(total, lanes);
    if (lane == 0 && label >= 0) loss += log(total) + highest - x[label];
    for (int64_t c = lane; c < end; c += lanes) {
      const double p = exp(static_cast<double>(x[c]) - highest) / total;
      dlogits[r * classes + c] = static_cast<float>((p - (c == label ? 1 : 0)) * share);
    }
    if (label < 0 && r < rows) {
      for (int64_t c = lane; c < classes; c += lanes) dlogits[r * classes + c] = 0;
    }
  }
  loss = block_sum(loss);
  if (threadIdx.x == 0) sums[blockIdx.x] = loss;
}

}  // namespace

void softmax_cross_entropy(Tensor* loss, Tensor* dlogits, const Tensor* logits, const Tensor* labels) {
  if (logits->size() == 0) return cuda::fill(loss, 0);
  const int64_t rows = logits->dim(0), classes = logits->dim(1);
  const int lanes = lanes_per_row(classes);
  const unsigned wanted = blocks_for(rows * lanes), blocks = wanted < 512 ? wanted : 512;
  Workspace<double> sums(blocks);
  LAUNCH(softmax_cross_entropy_terms, blocks, kThreads, 0, sums.data(), dlogits->data(), logits->data(), labels->data(),
         rows, classes, lanes);
  LAUNCH(mean_finish<float>, 1, kThreads, 0, loss->data(), sums.data(), static_cast<int64_t>(blocks), labels->data(),
         rows, 0.0f, int64_t{1});
}

}  // namespace selvage::cuda

// The weight decay's gradient and Keras' SGD with momentum; parameters, momenta and gradients [n] are floats.
//
// l2: g += 2 c p, and c sum p^2 on the way: one element a thread and a stride, at most 512 blocks, partial sums in
// double added on the host in order. Bytes: p and g read, g written.
// sgd: m = momentum m - step g, p += m. One element a thread, coalesced; bytes: g, m and p read, m and p written.
// Both: 3 operations an element, memory is the limit. Deterministic.
#include "elements.cuh"
#include "ops.h"
#include "reduce.cuh"

namespace selvage::cuda {
namespace {

__global__ void add_decay(double* sums, float* g, const float* p, int64_t count, float twice) {
  double sum = 0;
  for (int64_t i = global_thread(); i < count; i += global_threads()) {
    const float value = p[i];
    g[i] += twice * value;
    sum += static_cast<double>(value) * value;
  }
  sum = block_sum(sum);
  if (threadIdx.x == 0) sums[blockIdx.x] = sum;
}

__global__ void momentum_step(float* p, float* m, const float* g, int64_t count, float step, float momentum) {
  for (int64_t i = global_thread(); i < count; i += global_threads()) {
    const float velocity = momentum * m[i] - step * g[i];
    m[i] = velocity;
    p[i] += velocity;
  }
}

}  // namespace

double l2(Tensor* g, const Tensor* p, float coefficient) {
  if (p->size() == 0) return 0;
  const unsigned blocks = sum_blocks(p->size());
  Workspace<double> sums(blocks);
  LAUNCH(add_decay, blocks, kThreads, 0, sums.data(), g->data(), p->data(), p->size(), 2 * coefficient);
  return coefficient * add_in_order(sums.data(), blocks);
}

void sgd(Tensor* p, Tensor* m, const Tensor* g, float rate, float momentum, float factor) {
  if (p->size() == 0) return;
  LAUNCH(momentum_step, blocks_for(p->size()), kThreads, 0, p->data(), m->data(), g->data(), p->size(), rate * factor,
         momentum);
}

}  // namespace selvage::cuda

// The weight decay's gradient and Keras' SGD with momentum.
#include "ops.h"
#include "parallel.h"

namespace selvage::cpu {

double l2(Tensor* g, const Tensor* p, float coefficient) {
  float* to = g->data();
  const float* v = p->data();
  parallel_for(p->size(), kGrain, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) to[i] += 2 * coefficient * v[i];
  });
  return coefficient * cpu::sum_squares(p);
}

void sgd(Tensor* p, Tensor* m, const Tensor* g, float rate, float momentum, float factor) {
  float* value = p->data();
  float* velocity = m->data();
  const float* gradient = g->data();
  const float step = rate * factor;
  parallel_for(p->size(), kGrain, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      velocity[i] = momentum * velocity[i] - step * gradient[i];
      value[i] += velocity[i];
    }
  });
}

}  // namespace selvage::cpu

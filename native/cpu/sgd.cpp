// The weight decay's gradient and Keras' SGD with momentum.
#include "check.h"
#include "parallel.h"
#include "selvage.h"

namespace selvage {

using cpu::kGrain;
using cpu::parallel_for;

double l2(Tensor* g, const Tensor* p, float coefficient) {
  check_given("l2", "p", p);
  check_size("l2", "g", g, p->size());
  float* to = g->data();
  const float* v = p->data();
  parallel_for(p->size(), kGrain, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) to[i] += 2 * coefficient * v[i];
  });
  return coefficient * sum_squares(p);
}

void sgd(Tensor* p, Tensor* m, const Tensor* g, float rate, float momentum, float factor) {
  check_given("sgd", "p", p);
  check_size("sgd", "m", m, p->size());
  check_size("sgd", "g", g, p->size());
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

}  // namespace selvage

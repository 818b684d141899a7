// Losses and the optimiser.
#include "check.h"

namespace selvage {

double softmax_cross_entropy(Tensor* dlogits, const Tensor* logits, const int32_t* labels, int64_t rows) {
  check_rank("softmax_cross_entropy", "logits", logits, 2);
  const int64_t classes = logits->dim(1);
  check_shape("softmax_cross_entropy", "logits", logits, {rows, classes});
  check_same("softmax_cross_entropy", "dlogits", dlogits, logits);
  check_floats("softmax_cross_entropy", {{"logits", logits}, {"dlogits", dlogits}});
  for (int64_t r = 0; r < rows; ++r) {
    check(labels[r] < classes, "softmax_cross_entropy",
          "labels need to be below " + std::to_string(classes) + ", one is " + std::to_string(labels[r]));
  }
  return backend().softmax_cross_entropy(dlogits, logits, labels, rows);
}

double smooth_l1(Tensor* dpred, const Tensor* pred, const Tensor* target) {
  check_given("smooth_l1", "pred", pred);
  check_size("smooth_l1", "target", target, pred->size());
  check_size("smooth_l1", "dpred", dpred, pred->size());
  check_floats("smooth_l1", {{"pred", pred}, {"target", target}, {"dpred", dpred}});
  return backend().smooth_l1(dpred, pred, target);
}

double mask_loss(Tensor* dlogits, const Tensor* logits, const Tensor* target) {
  check_given("mask_loss", "logits", logits);
  check_size("mask_loss", "target", target, logits->size());
  check_size("mask_loss", "dlogits", dlogits, logits->size());
  check_floats("mask_loss", {{"logits", logits}, {"target", target}, {"dlogits", dlogits}});
  return backend().mask_loss(dlogits, logits, target);
}

double l2(Tensor* g, const Tensor* p, float coefficient) {
  check_given("l2", "p", p);
  check_size("l2", "g", g, p->size());
  check_floats("l2", {{"g", g}, {"p", p}});
  return backend().l2(g, p, coefficient);
}

void sgd(Tensor* p, Tensor* m, const Tensor* g, float rate, float momentum, float factor) {
  check_given("sgd", "p", p);
  check_size("sgd", "m", m, p->size());
  check_size("sgd", "g", g, p->size());
  check_floats("sgd", {{"p", p}, {"m", m}, {"g", g}});
  backend().sgd(p, m, g, rate, momentum, factor);
}

}  // namespace selvage

// Losses and the optimiser.
#include "check.h"

namespace selvage {

void softmax_cross_entropy(Tensor* loss, Tensor* dlogits, const Tensor* logits, const int32_t* labels, int64_t rows) {
  check_size("softmax_cross_entropy", "loss", loss, 1);
  check_rank("softmax_cross_entropy", "logits", logits, 2);
  const int64_t classes = logits->dim(1);
  check_shape("softmax_cross_entropy", "logits", logits, {rows, classes});
  check_same("softmax_cross_entropy", "dlogits", dlogits, logits);
  check_floats("softmax_cross_entropy", {{"loss", loss}, {"logits", logits}, {"dlogits", dlogits}});
  for (int64_t r = 0; r < rows; ++r) {
    check(labels[r] < classes, "softmax_cross_entropy",
          "labels need to be below " + std::to_string(classes) + ", one is " + std::to_string(labels[r]));
  }
  backend().softmax_cross_entropy(loss, dlogits, logits, labels, rows);
}

void smooth_l1(Tensor* loss, Tensor* dpred, const Tensor* pred, const Tensor* target) {
  check_size("smooth_l1", "loss", loss, 1);
  check_not_null("smooth_l1", "pred", pred);
  check_size("smooth_l1", "target", target, pred->size());
  check_size("smooth_l1", "dpred", dpred, pred->size());
  check_floats("smooth_l1", {{"loss", loss}, {"pred", pred}, {"target", target}, {"dpred", dpred}});
  backend().smooth_l1(loss, dpred, pred, target);
}

void mask_loss(Tensor* loss, Tensor* dlogits, const Tensor* logits, const Tensor* target) {
  check_size("mask_loss", "loss", loss, 1);
  check_not_null("mask_loss", "logits", logits);
  check_size("mask_loss", "target", target, logits->size());
  check_size("mask_loss", "dlogits", dlogits, logits->size());
  check_floats("mask_loss", {{"loss", loss}, {"logits", logits}, {"target", target}, {"dlogits", dlogits}});
  backend().mask_loss(loss, dlogits, logits, target);
}

namespace {

void check_ranges(const char* op, const Tensor* arena, const int64_t* begins, const int64_t* sizes, int64_t count) {
  check_not_null(op, "p", arena);
  for (int64_t i = 0; i < count; ++i) {
    check(begins[i] >= 0 && sizes[i] >= 0 && begins[i] + sizes[i] <= arena->size(), op,
          "ranges need to end by " + std::to_string(arena->size()) + ", one of " + std::to_string(sizes[i]) +
              " begins at " + std::to_string(begins[i]));
  }
}

}  // namespace

void l2(Tensor* y, const Tensor* p, const int64_t* begins, const int64_t* sizes, const float* coefficients,
        int64_t count) {
  check_size("l2", "y", y, 1);
  check_ranges("l2", p, begins, sizes, count);
  check_floats("l2", {{"y", y}, {"p", p}});
  backend().l2(y, p, begins, sizes, coefficients, count);
}

double l2_grad(Tensor* g, const Tensor* p, const int64_t* begins, const int64_t* sizes, const float* coefficients,
               int64_t count) {
  check_ranges("l2_grad", p, begins, sizes, count);
  check_size("l2_grad", "g", g, p->size());
  check_floats("l2_grad", {{"g", g}, {"p", p}});
  return backend().l2_grad(g, p, begins, sizes, coefficients, count);
}

void sgd(Tensor* p, Tensor* m, const Tensor* g, const int64_t* begins, const int64_t* sizes, int64_t count, float rate,
         float momentum, float factor) {
  check_ranges("sgd", p, begins, sizes, count);
  check_size("sgd", "m", m, p->size());
  check_size("sgd", "g", g, p->size());
  check_floats("sgd", {{"p", p}, {"m", m}, {"g", g}});
  backend().sgd(p, m, g, begins, sizes, count, rate, momentum, factor);
}

}  // namespace selvage

// Losses and the optimiser.
#include "check.h"

namespace selvage {

void softmax_cross_entropy(Tensor* loss, Tensor* dlogits, const Tensor* logits, const Tensor* labels) {
  check_size("softmax_cross_entropy", "loss", loss, 1);
  check_rank("softmax_cross_entropy", "logits", logits, 2);
  check_same("softmax_cross_entropy", "dlogits", dlogits, logits);
  check_floats("softmax_cross_entropy", {{"loss", loss}, {"logits", logits}, {"dlogits", dlogits}});
  check_list("softmax_cross_entropy", "labels", "classes", labels, logits->dim(0), -1, logits->dim(1));
  backend().softmax_cross_entropy(loss, dlogits, logits, labels);
}

void box_loss(Tensor* loss, Tensor* dpred, const Tensor* pred, const Tensor* target, const Tensor* class_ids) {
  check_size("box_loss", "loss", loss, 1);
  check_rank("box_loss", "pred", pred, 3);
  const int64_t rois = pred->dim(0), classes = pred->dim(1);
  check_shape("box_loss", "pred", pred, {rois, classes, 4});
  check_same("box_loss", "dpred", dpred, pred);
  check_shape("box_loss", "target", target, {rois, 4});
  check_floats("box_loss", {{"loss", loss}, {"pred", pred}, {"target", target}, {"dpred", dpred}});
  check_list("box_loss", "class_ids", "classes", class_ids, rois, -1, classes == 1 ? INT32_MAX : classes);
  backend().box_loss(loss, dpred, pred, target, class_ids);
}

void mask_loss(Tensor* loss, Tensor* dlogits, const Tensor* logits, const Tensor* target, const Tensor* class_ids) {
  check_size("mask_loss", "loss", loss, 1);
  check_not_null("mask_loss", "logits", logits);
  check_size("mask_loss", "target", target, logits->size());
  check_size("mask_loss", "dlogits", dlogits, logits->size());
  check_floats("mask_loss", {{"loss", loss}, {"logits", logits}, {"target", target}, {"dlogits", dlogits}});
  check_list("mask_loss", "class_ids", "classes", class_ids, logits->dim(0), -1, INT32_MAX);
  backend().mask_loss(loss, dlogits, logits, target, class_ids);
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

void l2_grad(Tensor* squares, Tensor* g, const Tensor* p, const int64_t* begins, const int64_t* sizes,
             const float* coefficients, int64_t count) {
  check_size("l2_grad", "squares", squares, 2);
  check(reinterpret_cast<uintptr_t>(squares->data()) % sizeof(double) == 0, "l2_grad",
        "squares need an even offset in the tensor that they are a view of");
  check_ranges("l2_grad", p, begins, sizes, count);
  check_size("l2_grad", "g", g, p->size());
  check_floats("l2_grad", {{"squares", squares}, {"g", g}, {"p", p}});
  backend().l2_grad(squares, g, p, begins, sizes, coefficients, count);
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

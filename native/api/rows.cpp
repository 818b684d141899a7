// Rows, patches, and the one channel of the mask head that counts.
#include "check.h"
#include "flops.h"

namespace selvage {
namespace {

void check_rows(const char* op, const Tensor* x, const Tensor* y, const int32_t* rows, int64_t count) {
  check_rank(op, "x", x, 2);
  check_shape(op, "y", y, {count, x->dim(1)});
  check_one_type(op, x, {{"y", y}});
  for (int64_t i = 0; i < count; ++i) {
    check(rows[i] >= -1 && rows[i] < x->dim(0), op,
          "rows need to be below " + std::to_string(x->dim(0)) + ", one is " + std::to_string(rows[i]));
  }
}

void check_patches(const char* op, const Tensor* x, const Tensor* y, const int32_t* positions, int64_t count) {
  check_rank(op, "x", x, 4);
  check_shape(op, "y", y, {count, 9 * x->dim(3)});
  check_one_type(op, x, {{"y", y}});
  const int64_t cells = x->dim(0) * x->dim(1) * x->dim(2);
  for (int64_t i = 0; i < count; ++i) {
    check(positions[i] >= -1 && positions[i] < cells, op,
          "positions need to be below " + std::to_string(cells) + ", one is " + std::to_string(positions[i]));
  }
}

void check_mask_head(const char* op, const Tensor* y, const Tensor* x, const Tensor* w, const Tensor* class_ids) {
  check_rank(op, "x", x, 4);
  check_rank(op, "w", w, 4);
  const int64_t rois = x->dim(0), channels = x->dim(3), classes = w->dim(3);
  check_shape(op, "w", w, {1, 1, channels, classes});
  check_shape(op, "y", y, {rois, x->dim(1), x->dim(2)});
  check_floats(op, {{"y", y}, {"w", w}});
  check_list(op, "class_ids", "classes", class_ids, rois, 0, classes);
}

}  // namespace

void gather_rows(Tensor* y, const Tensor* x, const int32_t* rows, int64_t count) {
  check_rows("gather_rows", x, y, rows, count);
  backend().gather_rows(y, x, rows, count);
}

void scatter_add_rows(Tensor* x, const Tensor* y, const int32_t* rows, int64_t count) {
  check_rows("scatter_add_rows", x, y, rows, count);
  backend().scatter_add_rows(x, y, rows, count);
}

void gather_patches(Tensor* y, const Tensor* x, const int32_t* positions, int64_t count) {
  check_patches("gather_patches", x, y, positions, count);
  backend().gather_patches(y, x, positions, count);
}

void scatter_add_patches(Tensor* dx, const Tensor* dy, const int32_t* positions, int64_t count) {
  check_patches("scatter_add_patches", dx, dy, positions, count);
  backend().scatter_add_patches(dx, dy, positions, count);
}

void mask_logits(Tensor* y, const Tensor* x, const Tensor* w, const Tensor* b, const Tensor* class_ids) {
  check_mask_head("mask_logits", y, x, w, class_ids);
  check_size("mask_logits", "b", b, w->dim(3));
  check_floats("mask_logits", {{"b", b}});
  backend().mask_logits(y, x, w, b, class_ids);
  count_flops(2 * x->size());
}

void mask_logits_grad(Tensor* dx, Tensor* dw, Tensor* db, const Tensor* dy, const Tensor* x, const Tensor* w,
                      const Tensor* class_ids) {
  check_mask_head("mask_logits_grad", dy, x, w, class_ids);
  check_same("mask_logits_grad", "dx", dx, x);
  check_same("mask_logits_grad", "dw", dw, w);
  check_size("mask_logits_grad", "db", db, w->dim(3));
  check_floats("mask_logits_grad", {{"dw", dw}, {"db", db}});
  check_one_type("mask_logits_grad", x, {{"dx", dx}});
  backend().mask_logits_grad(dx, dw, db, dy, x, w, class_ids);
  count_flops(4 * x->size());
}

}  // namespace selvage

// Matrix products, pointwise functions and batch statistics.
#include "check.h"
#include "flops.h"

namespace selvage {
namespace {

// Each is f32 or of one short type.
void check_operands(const char* op, std::initializer_list<Named> tensors) {
  Type type = Type::f32;
  for (const Named& named : tensors) {
    if (named.tensor->type() == Type::f32) continue;
    if (type != Type::f32) check_type(op, named.name, named.tensor, type);
    type = named.tensor->type();
  }
}

}  // namespace

void matmul(Tensor* y, const Tensor* a, const Tensor* b, const Tensor* bias, bool transpose_a, bool transpose_b,
            bool relu) {
  check_rank("matmul", "a", a, 2);
  check_rank("matmul", "b", b, 2);
  const int64_t m = a->dim(transpose_a ? 1 : 0), k = a->dim(transpose_a ? 0 : 1), n = b->dim(transpose_b ? 0 : 1);
  check(b->dim(transpose_b ? 1 : 0) == k, "matmul",
        "b " + b->shape_text() + " needs " + std::to_string(k) + " along the inner axis, a has " + a->shape_text());
  check_shape("matmul", "y", y, {m, n});
  if (bias != nullptr) check_size("matmul", "bias", bias, n);
  check_operands("matmul", {{"a", a}, {"b", b}, {"y", y}});
  check_floats("matmul", {{"bias", bias}});
  backend().matmul(y, a, b, bias, transpose_a, transpose_b, relu);
  count_flops(2 * m * n * k);
}

void sum_rows(Tensor* y, const Tensor* x) {
  check_not_null("sum_rows", "x", x);
  check_size("sum_rows", "y", y, x->last());
  check_floats("sum_rows", {{"y", y}});
  backend().sum_rows(y, x);
}

void relu_grad(Tensor* dx, const Tensor* dy, const Tensor* y) {
  check_not_null("relu_grad", "y", y);
  check_size("relu_grad", "dx", dx, y->size());
  check_size("relu_grad", "dy", dy, y->size());
  check_one_type("relu_grad", y, {{"dx", dx}, {"dy", dy}});
  backend().relu_grad(dx, dy, y);
}

void add_relu(Tensor* y, const Tensor* a, const Tensor* b, bool relu) {
  check_not_null("add_relu", "a", a);
  check_size("add_relu", "y", y, a->size());
  if (b != nullptr) check_size("add_relu", "b", b, a->size());
  check_one_type("add_relu", a, {{"y", y}, {"b", b}});
  backend().add_relu(y, a, b, relu);
}

void batch_norm(Tensor* y, Tensor* mean, Tensor* var, const Tensor* x, const Tensor* gamma, const Tensor* beta,
                float eps) {
  check_not_null("batch_norm", "x", x);
  check_same("batch_norm", "y", y, x);
  check(x->rows() > 0, "batch_norm", "x " + x->shape_text() + " needs at least one row, has none");
  const Tensor* vectors[] = {mean, var, gamma, beta};
  const char* names[] = {"mean", "var", "gamma", "beta"};
  for (int i = 0; i < 4; ++i) {
    check_size("batch_norm", names[i], vectors[i], x->last());
    check_type("batch_norm", names[i], vectors[i], Type::f32);
  }
  check_one_type("batch_norm", x, {{"y", y}});
  backend().batch_norm(y, mean, var, x, gamma, beta, eps);
}

void batch_norm_grad(Tensor* dx, Tensor* dgamma, Tensor* dbeta, const Tensor* dy, const Tensor* x, const Tensor* gamma,
                     const Tensor* mean, const Tensor* var, float eps) {
  check_not_null("batch_norm_grad", "x", x);
  check_same("batch_norm_grad", "dx", dx, x);
  check_same("batch_norm_grad", "dy", dy, x);
  const Tensor* vectors[] = {dgamma, dbeta, gamma, mean, var};
  const char* names[] = {"dgamma", "dbeta", "gamma", "mean", "var"};
  for (int i = 0; i < 5; ++i) {
    check_size("batch_norm_grad", names[i], vectors[i], x->last());
    check_type("batch_norm_grad", names[i], vectors[i], Type::f32);
  }
  check_one_type("batch_norm_grad", x, {{"dx", dx}, {"dy", dy}});
  backend().batch_norm_grad(dx, dgamma, dbeta, dy, x, gamma, mean, var, eps);
}

void softmax(Tensor* y, const Tensor* x) {
  check_not_null("softmax", "x", x);
  check_same("softmax", "y", y, x);
  check_floats("softmax", {{"y", y}, {"x", x}});
  backend().softmax(y, x);
}

void sigmoid(Tensor* y, const Tensor* x) {
  check_not_null("sigmoid", "x", x);
  check_size("sigmoid", "y", y, x->size());
  check_floats("sigmoid", {{"y", y}, {"x", x}});
  backend().sigmoid(y, x);
}

}  // namespace selvage

// Tensors, their memory, and whole-tensor arithmetic.
#include <atomic>
#include <cstdlib>
#include <vector>

#include "check.h"
#include "elements.h"
#include "flops.h"

namespace selvage {
namespace {
std::atomic<int64_t> flops{0};
}

void count_flops(int64_t count) { flops += count; }
int64_t executed_flops() { return flops; }
void end_process(int code) { std::_Exit(code); }
int64_t allocated_bytes() { return backend().allocated_bytes(); }

Tensor* tensor_new(const int64_t* shape, int rank, int type) {
  check(type >= 0 && type <= 2, "tensor_new", "type needs 0 (f32), 1 (bf16) or 2 (f16), is " + std::to_string(type));
  if (!has_type(type))
    unsupported("tensor_new",
                std::string(backend().name) + " has no tensors of type " + name_of(static_cast<Type>(type)));
  return new Tensor(shape, rank, static_cast<Type>(type));
}

Tensor* tensor_view(Tensor* base, int64_t offset, const int64_t* shape, int rank) {
  check_not_null("tensor_view", "base", base);
  return new Tensor(base, offset, shape, rank);
}

void tensor_free(Tensor* tensor) { delete tensor; }

void hold_constant(Tensor* tensor, bool constant) {
  check_not_null("hold_constant", "tensor", tensor);
  tensor->hold_constant(constant);
}

void tensor_upload(Tensor* tensor, const float* source, int64_t count) {
  check_size("tensor_upload", "tensor", tensor, count);
  if (tensor->type() == Type::f32) {
    backend().upload(tensor->data(), source, tensor->bytes());
  } else {
    std::vector<uint16_t> elements(count);
    from_floats(elements.data(), tensor->type(), source, count);
    backend().upload(tensor->as<void>(), elements.data(), tensor->bytes());
  }
}

void tensor_download(const Tensor* tensor, float* target, int64_t count) {
  check_size("tensor_download", "tensor", tensor, count);
  if (tensor->type() == Type::f32) {
    backend().download(target, tensor->data(), tensor->bytes());
  } else {
    std::vector<uint16_t> elements(count);
    backend().download(elements.data(), tensor->as<void>(), tensor->bytes());
    to_floats(target, elements.data(), tensor->type(), count);
  }
}

void fill(Tensor* y, float value) {
  check_not_null("fill", "y", y);
  backend().fill(y, value);
}

void copy(Tensor* y, const Tensor* x) {
  check_not_null("copy", "x", x);
  check_size("copy", "y", y, x->size());
  check_one_type("copy", x, {{"y", y}});
  backend().copy(y, x);
}

void cast(Tensor* y, const Tensor* x) {
  check_not_null("cast", "x", x);
  check_size("cast", "y", y, x->size());
  backend().cast(y, x);
}

void add(Tensor* y, const Tensor* x) {
  check_not_null("add", "x", x);
  check_size("add", "y", y, x->size());
  check_one_type("add", x, {{"y", y}});
  backend().add(y, x);
}

void scale(Tensor* y, float factor) {
  check_not_null("scale", "y", y);
  backend().scale(y, factor);
}

void average(Tensor* y, const Tensor* x, float share) {
  check_not_null("average", "x", x);
  check_size("average", "y", y, x->size());
  check_floats("average", {{"y", y}, {"x", x}});
  backend().average(y, x, share);
}

double sum_squares(const Tensor* x) {
  check_not_null("sum_squares", "x", x);
  return backend().sum_squares(x);
}

double sum(const Tensor* x) {
  check_not_null("sum", "x", x);
  return backend().sum(x);
}

bool all_finite(const Tensor* x) {
  check_not_null("all_finite", "x", x);
  return backend().all_finite(x);
}

}  // namespace selvage

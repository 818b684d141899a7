// Tensors, their memory, and whole-tensor arithmetic.
#include <atomic>
#include <cstdlib>

#include "check.h"
#include "flops.h"

namespace selvage {
namespace {
std::atomic<int64_t> flops{0};
}

void count_flops(int64_t count) { flops += count; }
int64_t executed_flops() { return flops; }
void end_process(int code) { std::_Exit(code); }
int64_t allocated_bytes() { return backend().held_bytes(); }

Tensor* tensor_new(const int64_t* shape, int rank) { return new Tensor(shape, rank); }

Tensor* tensor_view(Tensor* base, int64_t offset, const int64_t* shape, int rank) {
  check_given("tensor_view", "base", base);
  return new Tensor(base, offset, shape, rank);
}

void tensor_free(Tensor* tensor) { delete tensor; }

void tensor_upload(Tensor* tensor, const float* source, int64_t count) {
  check_size("tensor_upload", "tensor", tensor, count);
  backend().upload(tensor->data(), source, tensor->bytes());
}

void tensor_download(const Tensor* tensor, float* target, int64_t count) {
  check_size("tensor_download", "tensor", tensor, count);
  backend().download(target, tensor->data(), tensor->bytes());
}

void fill(Tensor* y, float value) {
  check_given("fill", "y", y);
  backend().fill(y, value);
}

void copy(Tensor* y, const Tensor* x) {
  check_given("copy", "x", x);
  check_size("copy", "y", y, x->size());
  backend().copy(y, x);
}

void add(Tensor* y, const Tensor* x) {
  check_given("add", "x", x);
  check_size("add", "y", y, x->size());
  backend().add(y, x);
}

void scale(Tensor* y, float factor) {
  check_given("scale", "y", y);
  backend().scale(y, factor);
}

double sum_squares(const Tensor* x) {
  check_given("sum_squares", "x", x);
  return backend().sum_squares(x);
}

double sum(const Tensor* x) {
  check_given("sum", "x", x);
  return backend().sum(x);
}

bool all_finite(const Tensor* x) {
  check_given("all_finite", "x", x);
  return backend().all_finite(x);
}

}  // namespace selvage

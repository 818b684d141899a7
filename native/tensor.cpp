#include "tensor.h"

#include <atomic>
#include <cstring>

#include "allocator.h"
#include "check.h"

namespace selvage {
namespace {
std::atomic<int64_t> live{0};
}

Tensor::Tensor(const int64_t* shape, int rank) : owner_(true) {
  set_shape(shape, rank);
  data_ = allocate(size_);
  ++live;
}

Tensor::Tensor(Tensor* base, int64_t offset, const int64_t* shape, int rank) {
  check_given("tensor_view", "base", base);
  set_shape(shape, rank);
  check(offset >= 0 && offset + size_ <= base->size_, "tensor_view",
        "base " + base->shape_text() + " needs " + std::to_string(offset + size_) + " elements, has " +
            std::to_string(base->size_));
  data_ = base->data_ + offset;
  ++live;
}

Tensor::~Tensor() {
  if (owner_) release(data_, size_);
  --live;
}

void Tensor::set_shape(const int64_t* shape, int rank) {
  check(rank >= 1 && rank <= kMaxRank, "tensor_new", "rank needs 1 to 5, has " + std::to_string(rank));
  rank_ = rank;
  size_ = 1;
  for (int i = 0; i < rank; ++i) {
    check(shape[i] >= 0, "tensor_new", "dimensions need to be 0 or more, one is " + std::to_string(shape[i]));
    shape_[i] = shape[i];
    size_ *= shape[i];
  }
}

bool Tensor::same_shape(const Tensor& other) const {
  return rank_ == other.rank_ && std::memcmp(shape_, other.shape_, sizeof(int64_t) * rank_) == 0;
}

std::string Tensor::shape_text() const {
  std::string text = "[";
  for (int i = 0; i < rank_; ++i) text += (i > 0 ? "," : "") + std::to_string(shape_[i]);
  return text + "]";
}

Scratch::Scratch(int64_t count) : count_(count), data_(allocate(count)) {}
Scratch::~Scratch() { release(data_, count_); }

int64_t live_tensors() { return live; }

Tensor* tensor_new(const int64_t* shape, int rank) { return new Tensor(shape, rank); }

Tensor* tensor_view(Tensor* base, int64_t offset, const int64_t* shape, int rank) {
  return new Tensor(base, offset, shape, rank);
}

void tensor_free(Tensor* tensor) { delete tensor; }

void tensor_upload(Tensor* tensor, const float* source, int64_t count) {
  check_size("tensor_upload", "tensor", tensor, count);
  std::memcpy(tensor->data(), source, count * sizeof(float));
}

void tensor_download(const Tensor* tensor, float* target, int64_t count) {
  check_size("tensor_download", "tensor", tensor, count);
  std::memcpy(target, tensor->data(), count * sizeof(float));
}

}  // namespace selvage

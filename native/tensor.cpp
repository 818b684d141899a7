#include "tensor.h"

#include <atomic>
#include <cstring>

#include "check.h"

namespace selvage {
namespace {
std::atomic<int64_t> live{0};
constexpr int64_t kMostElements = int64_t{1} << 60;  // whose bytes still fit a number of 64 bits
}  // namespace

Tensor::Tensor(const int64_t* shape, int rank, Type type) : backend_(&selvage::backend()), type_(type), owner_(true) {
  set_shape(shape, rank);
  memory_ = backend_->allocate(bytes());
  ++live;
}

Tensor::Tensor(Tensor* base, int64_t offset, const int64_t* shape, int rank)
    : backend_(base->backend_), type_(base->type_) {
  set_shape(shape, rank);
  check(offset >= 0 && size_ <= base->size_ && offset <= base->size_ - size_, "tensor_view",
        "base " + base->shape_text() + " needs " + std::to_string(size_) + " elements from " + std::to_string(offset) +
            " on, has " + std::to_string(base->size_));
  memory_ = base->as<char>() + offset * bytes_of(type_);
  ++live;
}

Tensor::~Tensor() {
  if (owner_) backend_->release(memory_, bytes());
  --live;
}

void Tensor::set_shape(const int64_t* shape, int rank) {
  check(rank >= 1 && rank <= kMaxRank, "tensor_new", "rank needs 1 to 5, has " + std::to_string(rank));
  rank_ = rank;
  size_ = 1;
  for (int i = 0; i < rank; ++i) {
    check(shape[i] >= 0, "tensor_new", "dimensions need to be 0 or more, one is " + std::to_string(shape[i]));
    shape_[i] = shape[i];
    check(!__builtin_mul_overflow(size_, shape[i], &size_) && size_ <= kMostElements, "tensor_new",
          "elements need to be at most 2^60, dimension " + std::to_string(i) + " of " + std::to_string(shape[i]) +
              " makes them more");
  }
}

void Tensor::hold_constant(bool constant) {
  derived_.reset();
  constant_ = constant;
}

bool Tensor::same_shape(const Tensor& other) const {
  return rank_ == other.rank_ && std::memcmp(shape_, other.shape_, sizeof(int64_t) * rank_) == 0;
}

std::string Tensor::shape_text() const {
  std::string text = "[";
  for (int i = 0; i < rank_; ++i) text += (i > 0 ? "," : "") + std::to_string(shape_[i]);
  return text + "]";
}

int64_t live_tensors() { return live; }

}  // namespace selvage

// A tensor's elements as floats, a stretch at a time: the floats themselves, or the widened copy of a short type's
// elements, in a buffer that stays in the nearest cache.
#pragma once

#include <algorithm>
#include <memory>

#include "elements.h"
#include "tensor.h"

namespace selvage::cpu {

constexpr int64_t kSpan = 1024;

// body(offset, count) over [begin,end) in stretches of at most kSpan.
template <typename Body>
void for_spans(int64_t begin, int64_t end, const Body& body) {
  for (int64_t at = begin; at < end; at += kSpan) body(at, std::min(kSpan, end - at));
}

class Reader {
 public:
  // longest: elements of a stretch at the most
  explicit Reader(const Tensor* tensor, int64_t longest = kSpan)
      : type_(tensor->type()), data_(tensor->as<char>()), buffer_(type_ == Type::f32 ? nullptr : new float[longest]) {}

  // Valid until the next call.
  const float* at(int64_t offset, int64_t count) {
    if (type_ == Type::f32) return reinterpret_cast<const float*>(data_) + offset;
    to_floats(buffer_.get(), data_ + offset * bytes_of(type_), type_, count);
    return buffer_.get();
  }

 private:
  Type type_;
  const char* data_;
  std::unique_ptr<float[]> buffer_;
};

class Writer {
 public:
  explicit Writer(Tensor* tensor, int64_t longest = kSpan)
      : type_(tensor->type()), data_(tensor->as<char>()), buffer_(type_ == Type::f32 ? nullptr : new float[longest]) {}

  // Where to write a stretch; done() rounds it into its place.
  float* begin(int64_t offset, int64_t count) {
    if (type_ == Type::f32) return reinterpret_cast<float*>(data_) + offset;
    offset_ = offset;
    count_ = count;
    return buffer_.get();
  }

  // The same with what is there already.
  float* edit(int64_t offset, int64_t count) {
    float* values = begin(offset, count);
    if (type_ != Type::f32) to_floats(values, data_ + offset * bytes_of(type_), type_, count);
    return values;
  }

  void done() {
    if (type_ != Type::f32) from_floats(data_ + offset_ * bytes_of(type_), type_, buffer_.get(), count_);
  }

 private:
  Type type_;
  char* data_;
  std::unique_ptr<float[]> buffer_;
  int64_t offset_ = 0, count_ = 0;
};

}  // namespace selvage::cpu

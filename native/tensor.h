// A dense float32 array, row-major, of rank 1 to 5, and where its memory comes from.
#pragma once

#include <cstdint>
#include <string>

#include "selvage.h"

namespace selvage {

class Tensor {
 public:
  static constexpr int kMaxRank = 5;

  Tensor(const int64_t* shape, int rank);                                // owns its memory
  Tensor(Tensor* base, int64_t offset, const int64_t* shape, int rank);  // shares base's
  ~Tensor();
  Tensor(const Tensor&) = delete;
  Tensor& operator=(const Tensor&) = delete;

  float* data() { return data_; }
  const float* data() const { return data_; }
  int rank() const { return rank_; }
  int64_t dim(int axis) const { return shape_[axis]; }
  int64_t last() const { return shape_[rank_ - 1]; }
  int64_t size() const { return size_; }
  int64_t rows() const { return last() == 0 ? 0 : size_ / last(); }  // all axes but the last
  bool same_shape(const Tensor& other) const;
  std::string shape_text() const;  // e.g. [2,128,128,64]

 private:
  void set_shape(const int64_t* shape, int rank);

  int64_t shape_[kMaxRank] = {};
  int64_t size_ = 0;
  int rank_ = 0;
  bool owner_ = false;
  float* data_ = nullptr;
};

// A float buffer for the length of one call, from the same allocator.
class Scratch {
 public:
  explicit Scratch(int64_t count);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  float* data() { return data_; }

 private:
  int64_t count_;
  float* data_;
};

}  // namespace selvage

// A dense array, row-major, of rank 1 to 5, in the memory of the backend that was selected when it was made.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "backend.h"
#include "selvage.h"

namespace selvage {

inline int64_t bytes_of(Type type) { return type == Type::f32 ? 4 : 2; }
inline const char* name_of(Type type) { return type == Type::f32 ? "f32" : (type == Type::bf16 ? "bf16" : "f16"); }

class Tensor {
 public:
  static constexpr int kMaxRank = 5;

  Tensor(const int64_t* shape, int rank, Type type = Type::f32);         // owns its memory
  Tensor(Tensor* base, int64_t offset, const int64_t* shape, int rank);  // shares base's
  ~Tensor();
  Tensor(const Tensor&) = delete;
  Tensor& operator=(const Tensor&) = delete;

  float* data() { return static_cast<float*>(memory_); }
  const float* data() const { return static_cast<const float*>(memory_); }
  template <typename T>
  T* as() {
    return static_cast<T*>(memory_);
  }
  template <typename T>
  const T* as() const {
    return static_cast<const T*>(memory_);
  }
  Type type() const { return type_; }
  const Backend& backend() const { return *backend_; }

  int rank() const { return rank_; }
  int64_t dim(int axis) const { return shape_[axis]; }
  int64_t last() const { return shape_[rank_ - 1]; }
  int64_t size() const { return size_; }
  int64_t bytes() const { return size_ * bytes_of(type_); }
  int64_t rows() const { return last() == 0 ? 0 : size_ / last(); }  // all axes but the last
  // What a backend keeps of the values of a tensor that is held constant.
  struct Derived {
    virtual ~Derived() = default;
  };
  void hold_constant(bool constant);  // drops what was kept
  bool constant() const { return constant_; }
  std::unique_ptr<Derived>& derived() const { return derived_; }  // only where constant()

  bool same_shape(const Tensor& other) const;
  std::string shape_text() const;  // e.g. [2,128,128,64]

 private:
  void set_shape(const int64_t* shape, int rank);

  const Backend* backend_;
  int64_t shape_[kMaxRank] = {};
  int64_t size_ = 0;
  int rank_ = 0;
  Type type_ = Type::f32;
  bool owner_ = false, constant_ = false;
  void* memory_ = nullptr;
  mutable std::unique_ptr<Derived> derived_;
};

}  // namespace selvage

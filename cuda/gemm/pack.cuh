// Packs operands into the form that the matrix kernels read: the element type of the product, and rows padded to whole
// 16-byte vectors.
#pragma once

#include <cstdint>

#include "common/elements.cuh"
#include "device/memory.h"
#include "gemm/tap_groups.cuh"
#include "tensor.h"

namespace selvage::cuda {

inline int64_t padded(int64_t count, int64_t to) { return (count + to - 1) / to * to; }

// An operand in that form: a tensor's own memory where it already has it, else a copy, with zeros in the padding.
template <typename T>
class Packed {
 public:
  const T* data() const { return data_; }
  int columns() const { return static_cast<int>(columns_); }  // padded

 protected:
  // own: of the tensor, or null for a copy of `rows` rows.
  Packed(const T* own, int64_t rows, int64_t columns)
      : columns_(columns), copy_(own == nullptr ? rows * columns : 0), data_(own == nullptr ? copy_.data() : own) {}
  T* copy() { return copy_.data(); }  // null where there is nothing to copy

 private:
  int64_t columns_;
  Workspace<T> copy_;
  const T* data_;
};

// x [rows,columns] of any type as T [rows,padded columns].
template <typename T>
class PackedRows : public Packed<T> {
 public:
  PackedRows(const Tensor* x, int64_t rows, int64_t columns);
};

// Weights w, taps matrices [in,out], as T [taps,in padded,out padded].
template <typename T>
class PackedTaps : public Packed<T> {
 public:
  PackedTaps(const Tensor* w, int64_t taps, int64_t in, int64_t out);
};

// Weights w1 [in,out1] and w2 [in,out2], floats, next to each other, as T [in padded,out1 + out2 padded].
template <typename T>
class PackedPair : public Packed<T> {
 public:
  PackedPair(const Tensor* w1, const Tensor* w2, int64_t in);
};

// Weights w, taps matrices [in,out], with the matrix of every tap transposed, [taps,out padded,in padded], in the order
// of TapGroups. transposed: the same without padding, where it has been made already, or null.
template <typename T>
class PackedTransposedTaps : public Packed<T> {
 public:
  PackedTransposedTaps(const Tensor* w, const Tensor* transposed, const TapGroups& groups, int64_t in, int64_t out);
};

// y [columns,rows] = x [rows,columns] of `type`, transposed
template <typename To>
void transpose(To* y, Type type, const void* x, int64_t rows, int64_t columns);

}  // namespace selvage::cuda

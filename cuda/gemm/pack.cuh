// Packs operands into the form that the matrix kernels read: the element type of the product, and rows padded to whole
// 16-byte vectors.
#pragma once

#include <cstdint>

#include "common/elements.cuh"
#include "device/memory.h"
#include "tensor.h"

namespace selvage::cuda {

inline int64_t padded(int64_t count, int64_t to) { return (count + to - 1) / to * to; }

// x [rows,columns] of any type as T [rows,padded columns], zeros in the padding: x itself where it already is.
template <typename T>
class PackedRows {
 public:
  PackedRows(const Tensor* x, int64_t rows, int64_t columns);
  const T* data() const { return data_; }
  int columns() const { return static_cast<int>(columns_); }  // padded

 private:
  int64_t columns_;
  Workspace<T> copy_;
  const T* data_;
};

// Weights w, taps matrices [in,out], as T [taps,in padded,out padded], zeros in the padding: w itself where it already
// is.
template <typename T>
class PackedTaps {
 public:
  PackedTaps(const Tensor* w, int64_t taps, int64_t in, int64_t out);
  const T* data() const { return data_; }
  int columns() const { return static_cast<int>(columns_); }  // out padded

 private:
  int64_t columns_;
  Workspace<T> copy_;
  const T* data_;
};

// Weights w1 [in,out1] and w2 [in,out2], floats, next to each other, as T [in padded,out1 + out2 padded], zeros in the
// padding.
template <typename T>
class PackedPair {
 public:
  PackedPair(const Tensor* w1, const Tensor* w2, int64_t in);
  const T* data() const { return data_; }
  int columns() const { return static_cast<int>(columns_); }  // padded

 private:
  int64_t columns_;
  Workspace<T> copy_;
  const T* data_;
};

// How the taps of a kernel fall into the parts of a strided gradient: those with equal (ky mod stride, kx mod stride)
// stay together, in the order of their residues, and within a group in their own.
struct TapGroups {
  int kh, kw, stride;

  // Taps along an axis of `size` with that residue.
  __host__ __device__ int along(int size, int residue) const { return (size - residue + stride - 1) / stride; }
  // Taps before the group of residues (ry,rx).
  __host__ __device__ int before(int ry, int rx) const {
    int taps = 0;
    for (int r = 0; r < ry; ++r) taps += along(kh, r) * kw;
    for (int r = 0; r < rx; ++r) taps += along(kh, ry) * along(kw, r);
    return taps;
  }
  __host__ __device__ int place(int ky, int kx) const {
    return before(ky % stride, kx % stride) + ky / stride * along(kw, kx % stride) + kx / stride;
  }
};

// Weights w, taps matrices [in,out], with the matrix of every tap transposed, [taps,out padded,in padded], in the order
// of TapGroups.
template <typename T>
class PackedTransposedTaps {
 public:
  PackedTransposedTaps(const Tensor* w, const TapGroups& groups, int64_t in, int64_t out);
  const T* data() { return taps_.data(); }
  int columns() const { return static_cast<int>(columns_); }  // in padded

 private:
  int64_t columns_;
  Workspace<T> taps_;
};

// y [columns,rows] = x [rows,columns] of `type`, transposed
template <typename To>
void transpose(To* y, Type type, const void* x, int64_t rows, int64_t columns);

}  // namespace selvage::cuda

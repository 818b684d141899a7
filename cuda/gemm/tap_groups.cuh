// The order of a kernel's taps in data gradients.
#pragma once

#include "common/kernel.cuh"

namespace selvage::cuda {

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

}  // namespace selvage::cuda

// Loads and stores of several neighbouring elements in one memory access, as floats in registers.
#pragma once

#include <initializer_list>
#include <type_traits>

#include "common/elements.cuh"

namespace selvage::cuda {

template <typename T, int kWidth>
struct alignas(sizeof(T) * kWidth) AlignedVector {
  T at[kWidth];
};

template <int kWidth, typename T>
__device__ __forceinline__ void load(float (&to)[kWidth], const T* from) {
  const AlignedVector<T, kWidth> vector = *reinterpret_cast<const AlignedVector<T, kWidth>*>(from);
#pragma unroll
  for (int k = 0; k < kWidth; ++k) to[k] = to_float(vector.at[k]);
}

template <int kWidth, typename T>
__device__ __forceinline__ void store(T* to, const float (&from)[kWidth]) {
  AlignedVector<T, kWidth> vector;
#pragma unroll
  for (int k = 0; k < kWidth; ++k) vector.at[k] = from_float<T>(from[k]);
  *reinterpret_cast<AlignedVector<T, kWidth>*>(to) = vector;
}

// body(std::integral_constant) with the number of elements an access may take: kFull, 16 bytes' worth, if every row of
// `channels` elements begins at a multiple of its bytes, else 1 (views of tensors begin anywhere).
template <typename T, int kFull = 16 / sizeof(T), typename Body>
void with_width(int64_t channels, std::initializer_list<const void*> tensors, const Body& body) {
  bool aligned = channels % kFull == 0;
  for (const void* t : tensors) aligned = aligned && reinterpret_cast<uintptr_t>(t) % (kFull * sizeof(T)) == 0;
  if (aligned) {
    body(std::integral_constant<int, kFull>{});
  } else {
    body(std::integral_constant<int, 1>{});
  }
}

}  // namespace selvage::cuda

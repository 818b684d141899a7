// The element types of activations: float, bf16 and f16, always computed with as float.
#pragma once

#include <initializer_list>
#include <stdexcept>
#include <string>

#include "common/kernel.cuh"
#include "tensor.h"

namespace selvage::cuda {

using bf16 = __nv_bfloat16;
using f16 = __half;

template <typename T>
constexpr int kVector = 16 / static_cast<int>(sizeof(T));  // elements of a 16-byte access

__device__ __forceinline__ float to_float(float value) { return value; }
__device__ __forceinline__ float to_float(bf16 value) { return __bfloat162float(value); }
__device__ __forceinline__ float to_float(f16 value) { return __half2float(value); }

template <typename T>
__device__ __forceinline__ T from_float(float value);
template <>
__device__ __forceinline__ float from_float<float>(float value) {
  return value;
}
template <>
__device__ __forceinline__ bf16 from_float<bf16>(float value) {
  return __float2bfloat16(value);
}
template <>
__device__ __forceinline__ f16 from_float<f16>(float value) {
  return __float2half(value);
}

// std::isfinite and std::isnan have no common spelling on host and device.
__device__ __forceinline__ bool is_finite(float value) { return value - value == 0; }
template <typename Float>
__device__ __forceinline__ bool is_nan(Float value) {
  return value != value;
}

// The type that tensors share; null ones have none. A mixture is a mistake of the backend, not of its user.
inline Type common_type(const char* op, std::initializer_list<const Tensor*> tensors) {
  Type type = Type::f32;
  bool first = true;
  for (const Tensor* t : tensors) {
    if (t == nullptr) continue;
    if (!first && t->type() != type) throw std::logic_error(std::string(op) + ": tensors need one element type");
    type = t->type();
    first = false;
  }
  return type;
}

// body(T{}) with the element type that a tensor holds.
template <typename Body>
void with_type(Type type, const Body& body) {
  if (type == Type::bf16) {
    body(bf16{});
  } else if (type == Type::f16) {
    body(f16{});
  } else {
    body(0.0f);
  }
}

}  // namespace selvage::cuda

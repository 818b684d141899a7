// Matrix products of tensors.
#pragma once

#include "cpu/simd/kernels.h"
#include "tensor.h"

namespace selvage::cpu {

// A tensor of any rank as rows of `columns` elements, at least one.
inline Rows rows_of(const Tensor* t, int64_t columns) { return {t->as<void>(), t->type(), columns}; }

inline const Kernels& kernels_of(Type type) { return type == Type::f32 ? float_kernels() : bf16_kernels(); }

// As bf16 where an operand or the result is, else as float32.
inline void multiply(const Product& p) {
  const bool floats = p.a.type == Type::f32 && p.b.type == Type::f32 && p.c_type == Type::f32;
  kernels_of(floats ? Type::f32 : Type::bf16).product(p);
}

}  // namespace selvage::cpu

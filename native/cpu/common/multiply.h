// Matrix products of tensors.
#pragma once

#include "cpu/common/weight_form.h"
#include "cpu/simd/kernels.h"
#include "tensor.h"

namespace selvage::cpu {

// A tensor of any rank as rows of `columns` elements, at least one.
inline Rows rows_of(const Tensor* t, int64_t columns) { return {t->as<void>(), t->type(), columns}; }

inline const Kernels& kernels_of(Type type) { return type == Type::f32 ? float_kernels() : bf16_kernels(); }

// As bf16 where an operand or the result is, else as float32. `weights` is the tensor of the second operand where a
// form of it may be kept.
inline void multiply(const Product& p, const Tensor* weights = nullptr) {
  const bool floats = p.a.type == Type::f32 && p.b.type == Type::f32 && p.c_type == Type::f32;
  const Type type = floats ? Type::f32 : Type::bf16;
  const Kernels& kernels = kernels_of(type);
  const WeightForm packed(weights, p.b_turned ? Form::turned_rows : Form::rows, type, kernels.packed_size(p),
                          [&](float* to) { kernels.pack(p, to); });
  kernels.product(p, packed.data());
}

}  // namespace selvage::cpu

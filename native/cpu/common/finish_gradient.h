// What is left of a data gradient once the product is there.
#pragma once

#include "cpu/ops.h"

namespace selvage::cpu {

// dx += others, the gradients by other paths; 0 where the activation is not positive. Either may be null.
inline void finish_gradient(Tensor* dx, const Tensor* others, const Tensor* activation) {
  if (others != nullptr) cpu::add(dx, others);
  if (activation != nullptr) cpu::relu_grad(dx, dx, activation);
}

}  // namespace selvage::cpu

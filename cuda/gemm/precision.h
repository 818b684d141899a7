// The arithmetic of products of float tensors.
#pragma once

#include "backend.h"

namespace selvage::cuda {

// f32: multiply-adds, exact but for float's rounding; the others run on tensor cores.
Precision float_precision();
void set_float_precision(Precision precision);

}  // namespace selvage::cuda

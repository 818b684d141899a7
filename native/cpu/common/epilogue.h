// What follows a matrix product: y [rows,channels] = relu?(y + bias + residual), in one pass, or none if there is
// nothing.
#pragma once

#include <cstdint>

namespace selvage::cpu {

void epilogue(float* y, int64_t rows, int64_t channels, const float* bias, const float* residual, bool relu);

}  // namespace selvage::cpu

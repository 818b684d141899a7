// How a tensor core adds: the sums of one mma.
//
// NVIDIA does not say how. The models here are those that measurements found (arXiv:2403.00232, arXiv:2512.07004): some
// products and c are added at once. Their significands are shifted to the largest exponent among them and cut, with a
// few bits beyond those of a float, and the sum is cut to a float: nothing is rounded to nearest. The sum of the next
// products begins with that float.
#pragma once

namespace simt {

enum class TensorCore {
  plain,   // float arithmetic, one product after the other
  ampere,  // 8.0, 8.6, 8.9: 8 products of 16-bit values or 4 of tf32 at once, one more bit
  hopper   // 9.0, 10.0: 16 products of 16-bit values or 8 of tf32 at once, two more bits
};
// Of the threads that run from now on. At first it is what SIMT_TENSOR_CORE says (ampere, hopper), or plain.
void set_tensor_core(TensorCore which);
TensorCore present_tensor_core();
const char* name_of(TensorCore which);

// An operand as a tensor core reads it: its value, and the exponent that its significand is stored with, which of a
// subnormal number is the smallest of the format.
struct Factor {
  float value;
  int exponent;
};
Factor factor(float value, int smallest_exponent);

// c + the sum of left[k] right[k], for kDepth of them: 16 of 16 bits, or 8 of tf32.
template <int kDepth>
float multiply_add(float c, const Factor* left, const Factor* right, TensorCore how);

// The same for all elements of a tile by the present tensor core: d += left right.
template <int kDepth>
void multiply_add(float (&d)[16][8], const float (&left)[16][kDepth], const float (&right)[kDepth][8],
                  int smallest_exponent);

}  // namespace simt

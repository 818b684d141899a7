// Convolutions, transposed convolutions and dense products by the two matrix kernels. conv_block, deconv2x2 and matmul
// are thin layers over these functions.
#pragma once

#include "conv_shape.h"

namespace selvage::cuda {

// What is done to the sums of a product: y = relu?(sums + bias + residual), 0 where the mask is not positive. Null ones
// have no part in it.
struct Finish {
  const Tensor* bias = nullptr;
  const Tensor* residual = nullptr;  // like y
  const Tensor* mask = nullptr;      // like y
  bool relu = false;
};

// y = conv(x, w) for the sizes of s; x, w and y may have any shape with these elements, and x channels of zeros beyond
// those of w.
void convolve(Tensor* y, const Tensor* x, const Tensor* w, const ConvShape& s, const Finish& finish);
// y [pixels of x, columns] floats = the products of x's pixels [.., I] with w1 [I,O1] and w2 [I,O2], next to each
// other; columns = columns_of_both(O1 + O2), so that rows are whole vectors, of which the last may have zeros.
inline int64_t columns_of_both(int64_t out) { return (out + 3) / 4 * 4; }
void multiply_by_both(float* y, const Tensor* x, const Tensor* w1, const Tensor* w2);
// dx = the adjoint of that convolution applied to dy. transposed: w as transpose_kernels makes it, or null
void convolve_adjoint(Tensor* dx, const Tensor* dy, const Tensor* w, const Tensor* transposed, const ConvShape& s,
                      const Finish& finish);
// dw = the gradient of that convolution's weights and db, which may be null, that of its bias, the sums of dy's columns
void convolve_weights(Tensor* dw, Tensor* db, const Tensor* x, const Tensor* dy, const ConvShape& s);
// The same without a bias, for dy that is stored transposed, [out,pixels].
void convolve_weights_turned(Tensor* dw, const Tensor* x, const Tensor* dy, const ConvShape& s);

}  // namespace selvage::cuda

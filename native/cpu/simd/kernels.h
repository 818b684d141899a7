// What is compiled once for each kind of vector instructions, and the table of it that fits this processor.
#pragma once

#include <cstdint>

#include "conv_shape.h"
#include "tensor.h"

namespace selvage::cpu {

// A matrix of rows in main memory: as they are stored, `stride` elements apart, or (patches_of) the windows of a
// convolution over a map [N,H,W,C], one row [KH,KW,C] for each position of its output. Windows are only ever written
// out a few at a time.
struct Rows {
  const void* data;
  Type type;
  int64_t stride;
  const ConvShape* patches_of = nullptr;
};

// c [m,n] = relu?(op(a) [m,k] op(b) [k,n] + bias [n] + residual [m,n]); op(a) is the transpose of a's rows if a_turned,
// and so for b. c and residual are row-major, of one type; bias and residual may be null. Sums are float32, and their
// order depends on the sizes alone.
struct Product {
  int64_t m, n, k;
  Rows a;
  bool a_turned;
  Rows b;
  bool b_turned;
  void* c;
  Type c_type;
  const float* bias;
  const void* residual;
  bool relu;
  const ConvShape* c_windows = nullptr;  // c's rows are the windows of a map instead, which fill it side by side
};

// Results of Winograd's F(size x size, 3x3).
enum class WinogradTile { f2, f3, f4, f5 };

// A convolution of 3x3 with stride 1 and pad 1. `in` and `out` are those of x and y; weights are HWIO, or turned: those
// of the convolution whose gradient of the data this is, [3,3,out,in].
struct Winograd {
  WinogradTile tile;
  int64_t n, h, w, in, out;
  bool turned = false;
};

// The second operand of a product and the weights of a convolution are first brought into the form that the kernel
// reads, of *_size floats. What is 0 floats is not read.
struct Kernels {
  const char* instructions;
  int64_t (*packed_size)(const Product& product);
  void (*pack)(const Product& product, float* packed);
  void (*product)(const Product& product, const float* packed);
  int64_t (*transformed_size)(const Winograd& shape);
  void (*transform)(const Winograd& shape, const float* weights, float* transformed);
  void (*winograd)(const Winograd& shape, void* y, const void* x, const float* transformed, const float* bias,
                   const void* residual, bool relu);
  void (*winograd_weight_grad)(const Winograd& shape, float* dw, const void* x, const void* dy);
};

// For operands of float32. The choice among what this processor has.
const Kernels& float_kernels();
// For operands of bf16, to which floats are rounded; only where has_bf16_instructions().
const Kernels& bf16_kernels();

// The compiled ones.
extern const Kernels kBaselineKernels, kAvx2Kernels, kAvx512Kernels, kAvx512Bf16Kernels;

}  // namespace selvage::cpu

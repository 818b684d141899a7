// Dense products as convolutions of single pixels: a b is a forward pass, a b^T a data gradient and a^T b a weight
// gradient, so that nothing is transposed in memory but b where it has to be, as the weights are for every data
// gradient. Kernels, launches and determinism: gather_gemm.cu and pixel_gemm.cu.
#include "common/elements.cuh"
#include "gemm/products.h"
#include "ops.h"

namespace selvage::cuda {
namespace {

// a^T b + bias with ReLU: the model has neither on such products, so they get a pass of their own.
template <typename T>
__global__ void matmul_add_bias(T* y, const float* bias, int64_t rows, int64_t columns, bool relu) {
  for (int64_t i = global_thread(); i < rows * columns; i += global_threads()) {
    const float value = to_float(y[i]) + (bias == nullptr ? 0.0f : bias[i % columns]);
    y[i] = from_float<T>(relu && value < 0 ? 0.0f : value);
  }
}

}  // namespace

void matmul(Tensor* y, const Tensor* a, const Tensor* b, const Tensor* bias, bool transpose_a, bool transpose_b,
            bool relu) {
  const int64_t m = y->dim(0), n = y->dim(1), k = a->dim(transpose_a ? 0 : 1);
  if (!transpose_a && !transpose_b) {
    convolve(y, a, b, ConvShape::dense(m, k, n), {bias, nullptr, nullptr, relu});
  } else if (!transpose_a) {
    convolve_adjoint(y, a, b, nullptr, ConvShape::dense(m, n, k), {bias, nullptr, nullptr, relu});
  } else {
    const ConvShape s = ConvShape::dense(k, m, n);
    if (transpose_b) {
      convolve_weights_turned(y, a, b, s);
    } else {
      convolve_weights(y, nullptr, a, b, s);
    }
    if ((bias != nullptr || relu) && m * n > 0) {
      with_type(y->type(), [&](auto element) {
        using T = decltype(element);
        LAUNCH(matmul_add_bias<T>, blocks_for(m * n), kThreads, 0, y->as<T>(), bias == nullptr ? nullptr : bias->data(),
               m, n, relu);
      });
    }
  }
}

}  // namespace selvage::cuda

// Chooses the kernels that compute a convolution: the built-in ones, or cuDNN's if it is loaded and selected.
#pragma once

#include <functional>

#include "conv_shape.h"

namespace selvage::cuda {

enum class ConvPass : uint8_t { forward, data_grad, weight_grad };

bool set_convolutions(Convolutions chosen);  // false, and nothing changed, if cuDNN is needed and not loaded

// Computes a pass by one of the two, which write the same outputs. `builtin` computes what cuDNN has no product for:
// empty maps, maps of two types, floats rounded to a shorter type, addresses that are no multiple of 16 bytes. Where
// cuDNN itself says that it lacks a product, `builtin` computes it too, and a line on stderr says so once a shape; with
// Convolutions::only_cudnn that is an error.
void by_engine(ConvPass pass, const ConvShape& s, const Tensor* a, const Tensor* b,
               const std::function<void()>& builtin, const std::function<void()>& cudnn);

}  // namespace selvage::cuda

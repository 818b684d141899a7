// Which convolutions are computed by Winograd's transforms, and by which: by sizes and types alone, so that results
// repeat.
#pragma once

#include <optional>

#include "cpu/simd/kernels.h"

namespace selvage::cpu {

// For a convolution, and for the gradient of its weights; that of its data is a convolution too. None where the
// windows' product is faster.
std::optional<WinogradTile> winograd_tile(const ConvShape& shape, Type type);

// Floating-point operations of the products that a tile leaves, the transforms apart.
int64_t winograd_flops(const ConvShape& shape, WinogradTile tile);

}  // namespace selvage::cpu

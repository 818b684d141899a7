// The CPU's ops: declared with the boundary's own types, so that neither can drift from the other.
#pragma once

#include "backend.h"
#include "cpu/common/allocator.h"
#include "tensor.h"

namespace selvage::cpu {

#define SELVAGE_DECLARE(op) decltype(selvage::op) op;
SELVAGE_OPS(SELVAGE_DECLARE)
#undef SELVAGE_DECLARE

}  // namespace selvage::cpu

// Lists of regions come as tensors of floats.
#pragma once

#include <vector>

#include "tensor.h"

namespace selvage::cpu {

inline std::vector<int32_t> whole_numbers(const Tensor* list) {
  return std::vector<int32_t>(list->data(), list->data() + list->size());
}

}  // namespace selvage::cpu

// From one element type to another, on all threads.
#pragma once

#include "elements.h"

namespace selvage::cpu {

void convert(void* to, Type to_type, const void* from, Type from_type, int64_t count);

}  // namespace selvage::cpu

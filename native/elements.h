// The types of a tensor's elements on the host, and their way to float and back.
#pragma once

#include <cstdint>

#include "backend.h"

namespace selvage {

// Whether this processor has instructions for bf16; the conversions need none.
bool has_bf16_instructions();

void to_floats(float* to, const void* from, Type type, int64_t count);
// To the nearest, ties to even; NaN stays NaN.
void from_floats(void* to, Type type, const float* from, int64_t count);

}  // namespace selvage

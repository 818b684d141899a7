// The types of a tensor's elements on the host, and their way to float and back.
#pragma once

#include <cstdint>
#include <cstring>

#include "backend.h"

namespace selvage {

// The upper half of a float.
class bf16 {
 public:
  bf16() = default;
  // To the nearest, ties to even; NaN stays NaN. Whole-number arithmetic, which the compiler turns into vectors; the
  // processor's own instruction for it would round subnormal numbers to zero.
  explicit bf16(float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof(bits));
    const uint32_t rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16, quiet_nan = bits >> 16 | 0x40;
    bits_ = static_cast<uint16_t>((bits & 0x7fffffff) > 0x7f800000 ? quiet_nan : rounded);
  }
  operator float() const {
    const uint32_t bits = static_cast<uint32_t>(bits_) << 16;
    float wide;
    std::memcpy(&wide, &bits, sizeof(wide));
    return wide;
  }

 private:
  uint16_t bits_ = 0;
};

// Whether this processor has instructions for bf16; the conversions need none.
bool has_bf16_instructions();

void to_floats(float* to, const void* from, Type type, int64_t count);
// To the nearest, ties to even; NaN stays NaN.
void from_floats(void* to, Type type, const float* from, int64_t count);

}  // namespace selvage

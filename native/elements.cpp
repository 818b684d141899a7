#include "elements.h"

#include <cstring>

namespace selvage {
namespace {

// bf16 is the upper half of a float.
inline float widened(uint16_t value) {
  const uint32_t bits = static_cast<uint32_t>(value) << 16;
  float wide;
  std::memcpy(&wide, &bits, sizeof(wide));
  return wide;
}

// Whole-number arithmetic, which the compiler turns into vectors; the processor's own instruction for it would round
// subnormal numbers to zero.
inline uint16_t narrowed(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  const uint32_t rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16, quiet_nan = bits >> 16 | 0x40;
  return static_cast<uint16_t>((bits & 0x7fffffff) > 0x7f800000 ? quiet_nan : rounded);
}

void widen(float* to, const uint16_t* from, int64_t count) {
  for (int64_t i = 0; i < count; ++i) to[i] = widened(from[i]);
}

void narrow(uint16_t* to, const float* from, int64_t count) {
  for (int64_t i = 0; i < count; ++i) to[i] = narrowed(from[i]);
}

// The same for processors that have the vectors for it.
#define SELVAGE_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,prefer-vector-width=512")))

SELVAGE_AVX512 void widen_512(float* to, const uint16_t* from, int64_t count) {
  for (int64_t i = 0; i < count; ++i) to[i] = widened(from[i]);
}

SELVAGE_AVX512 void narrow_512(uint16_t* to, const float* from, int64_t count) {
  for (int64_t i = 0; i < count; ++i) to[i] = narrowed(from[i]);
}

}  // namespace

bool has_bf16_instructions() {
  static const bool has =
      __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  return has;
}

void to_floats(float* to, const void* from, Type type, int64_t count) {
  if (type == Type::f32) {
    std::memcpy(to, from, count * sizeof(float));
  } else if (type == Type::bf16) {
    (has_bf16_instructions() ? widen_512 : widen)(to, static_cast<const uint16_t*>(from), count);
  } else {
    const auto* v = static_cast<const _Float16*>(from);
    for (int64_t i = 0; i < count; ++i) to[i] = v[i];
  }
}

void from_floats(void* to, Type type, const float* from, int64_t count) {
  if (type == Type::f32) {
    std::memcpy(to, from, count * sizeof(float));
  } else if (type == Type::bf16) {
    (has_bf16_instructions() ? narrow_512 : narrow)(static_cast<uint16_t*>(to), from, count);
  } else {
    auto* v = static_cast<_Float16*>(to);
    for (int64_t i = 0; i < count; ++i) v[i] = static_cast<_Float16>(from[i]);
  }
}

}  // namespace selvage

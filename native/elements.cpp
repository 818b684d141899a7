#include "elements.h"

#include <cstring>

namespace selvage {
namespace {

void widen(float* to, const bf16* from, int64_t count) {
  for (int64_t i = 0; i < count; ++i) to[i] = from[i];
}

void narrow(bf16* to, const float* from, int64_t count) {
  for (int64_t i = 0; i < count; ++i) to[i] = bf16(from[i]);
}

// The same for processors that have the vectors for it.
#define SELVAGE_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,prefer-vector-width=512")))

SELVAGE_AVX512 void widen_512(float* to, const bf16* from, int64_t count) {
  for (int64_t i = 0; i < count; ++i) to[i] = from[i];
}

SELVAGE_AVX512 void narrow_512(bf16* to, const float* from, int64_t count) {
  for (int64_t i = 0; i < count; ++i) to[i] = bf16(from[i]);
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
    (has_bf16_instructions() ? widen_512 : widen)(to, static_cast<const bf16*>(from), count);
  } else {
    const auto* v = static_cast<const _Float16*>(from);
    for (int64_t i = 0; i < count; ++i) to[i] = v[i];
  }
}

void from_floats(void* to, Type type, const float* from, int64_t count) {
  if (type == Type::f32) {
    std::memcpy(to, from, count * sizeof(float));
  } else if (type == Type::bf16) {
    (has_bf16_instructions() ? narrow_512 : narrow)(static_cast<bf16*>(to), from, count);
  } else {
    auto* v = static_cast<_Float16*>(to);
    for (int64_t i = 0; i < count; ++i) v[i] = static_cast<_Float16>(from[i]);
  }
}

}  // namespace selvage

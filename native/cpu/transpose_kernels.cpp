// Kernels of convolutions, transposed as a GPU's data gradients read them. The CPU's read kernels as they are.
#include <cstdint>

#include "kernel_place.h"
#include "ops.h"

namespace selvage::cpu {
namespace {

template <typename T>
void transpose(T* to, const T* from, const KernelPlace& k) {
  for (int64_t part = 0; part < k.stride * k.stride; ++part) {
    for (int64_t y = part / k.stride; y < k.kh; y += k.stride) {
      for (int64_t x = part % k.stride; x < k.kw; x += k.stride) {
        const T* const tap = from + (y * k.kw + x) * k.in * k.out;
        for (int64_t o = 0; o < k.out; ++o) {
          for (int64_t i = 0; i < k.in; ++i) *to++ = tap[i * k.out + o];
        }
      }
    }
  }
}

}  // namespace

void transpose_kernels(Tensor* transposed, const Tensor* w, const int64_t* kernels, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const KernelPlace k(kernels + KernelPlace::kNumbers * i);
    if (w->type() == Type::f32) {
      transpose(transposed->data() + k.offset, w->data() + k.offset, k);
    } else {
      transpose(transposed->as<uint16_t>() + k.offset, w->as<uint16_t>() + k.offset, k);
    }
  }
}

}  // namespace selvage::cpu

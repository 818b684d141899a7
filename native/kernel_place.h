// A convolution's kernel in an arena of weights, as transpose_kernels is told of it.
#pragma once

#include <cstdint>

namespace selvage {

// offset of [kh,kw,in,out], and the convolution's stride.
struct KernelPlace {
  static constexpr int kNumbers = 6;
  int64_t offset, kh, kw, in, out, stride;

  explicit KernelPlace(const int64_t* numbers)
      : offset(numbers[0]), kh(numbers[1]), kw(numbers[2]), in(numbers[3]), out(numbers[4]), stride(numbers[5]) {}

  int64_t end() const { return offset + kh * kw * in * out; }
};

}  // namespace selvage

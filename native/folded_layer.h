// A convolution with frozen batch norm behind it, as fold_bn is told of it.
#pragma once

#include <algorithm>
#include <cstdint>

namespace selvage {

// Offsets in the arena of the parameters, and sizes: w [rows,channels], all others [channels].
struct FoldedLayer {
  static constexpr int kNumbers = 8;
  int64_t w, b, gamma, beta, mean, var, rows, channels;

  explicit FoldedLayer(const int64_t* numbers)
      : w(numbers[0]),
        b(numbers[1]),
        gamma(numbers[2]),
        beta(numbers[3]),
        mean(numbers[4]),
        var(numbers[5]),
        rows(numbers[6]),
        channels(numbers[7]) {}

  int64_t begin() const { return std::min({w, b, gamma, beta, mean, var}); }
  int64_t end() const { return std::max({w + rows * channels, std::max({b, gamma, beta, mean, var}) + channels}); }
};

}  // namespace selvage

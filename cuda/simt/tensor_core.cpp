#include "tensor_core.h"

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

#include "types.h"

namespace simt {
namespace {

constexpr int kFloatBits = 23, kSmallestOfFloat = -126;
constexpr double kTwoTo128 = 0x1p128;

TensorCore from_environment() {
  const char* text = std::getenv("SIMT_TENSOR_CORE");
  const std::string name = text == nullptr ? "plain" : text;
  for (TensorCore which : {TensorCore::plain, TensorCore::ampere, TensorCore::hopper}) {
    if (name == name_of(which)) return which;
  }
  throw std::runtime_error("SIMT_TENSOR_CORE: expected plain, ampere or hopper, found '" + name + "'");
}

TensorCore& tensor_core() {
  static TensorCore chosen = from_environment();
  return chosen;
}

// The next float towards zero. Beyond the largest it is infinity all the same.
float cut_to_float(double value) {
  const float nearest = static_cast<float>(value);
  if (!(std::abs(static_cast<double>(nearest)) > std::abs(value)) || std::abs(value) >= kTwoTo128) return nearest;
  return float_of(bits_of(nearest) - 1);
}

// The exponent that the significand is stored with.
int exponent_of(float value, int smallest) {
  const int stored = static_cast<int>(bits_of(value) >> kFloatBits & 0xff);
  return stored == 0xff ? smallest : std::max(stored - 127, smallest);
}

double power_of_two(int exponent) {  // of a normal number
  const uint64_t bits = static_cast<uint64_t>(1023 + exponent) << 52;
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// c + `count` products at once, with `extra` bits beyond a float's. A product of two floats is exact as a double.
float add_at_once(float c, const Factor* left, const Factor* right, int count, int extra) {
  double terms[17], plain = c;
  int largest = INT_MIN;
  for (int k = 0; k < count; ++k) {
    terms[k] = static_cast<double>(left[k].value) * right[k].value;
    plain += terms[k];
    if (terms[k] != 0) largest = std::max(largest, left[k].exponent + right[k].exponent);
  }
  terms[count] = c;
  if (c != 0) largest = std::max(largest, exponent_of(c, kSmallestOfFloat));
  if (!std::isfinite(plain)) return static_cast<float>(plain);
  if (largest == INT_MIN) return 0;
  const int bits = kFloatBits + extra - largest;
  const double scale = power_of_two(bits);
  int64_t sum = 0;
  for (int k = 0; k <= count; ++k) sum += static_cast<int64_t>(terms[k] * scale);  // towards zero
  return cut_to_float(static_cast<double>(sum) * power_of_two(-bits));
}

using Row = float __attribute__((vector_size(32)));

// d [16,8] += left [16,depth] right [depth,8]: a fifth of what a model costs on the simulated GPU. Without fused
// multiply-adds, which would give other bits on processors that have them.
__attribute__((target_clones("avx2", "default"))) void add_plain(int depth, float (*d)[8], const float* left,
                                                                 const float (*right)[8]) {
  constexpr int kRows = 4;  // that use a row of `right` while it is in a register
  for (int first = 0; first < 16; first += kRows) {
    Row sums[kRows] = {};
    for (int k = 0; k < depth; ++k) {
      Row of_right;
      std::memcpy(&of_right, right[k], sizeof of_right);
      for (int i = 0; i < kRows; ++i) sums[i] += left[(first + i) * depth + k] * of_right;
    }
    for (int i = 0; i < kRows; ++i) {
      Row sum;
      std::memcpy(&sum, d[first + i], sizeof sum);
      sum += sums[i];
      std::memcpy(d[first + i], &sum, sizeof sum);
    }
  }
}

}  // namespace

void set_tensor_core(TensorCore which) { tensor_core() = which; }
TensorCore present_tensor_core() { return tensor_core(); }

const char* name_of(TensorCore which) {
  return which == TensorCore::plain ? "plain" : which == TensorCore::ampere ? "ampere" : "hopper";
}

Factor factor(float value, int smallest_exponent) { return {value, exponent_of(value, smallest_exponent)}; }

template <int kDepth>
float multiply_add(float c, const Factor* left, const Factor* right, TensorCore how) {
  if (how == TensorCore::plain) {
    float sum = 0;
    for (int k = 0; k < kDepth; ++k) sum += left[k].value * right[k].value;
    return c + sum;
  }
  const bool hopper = how == TensorCore::hopper;
  const int at_once = hopper ? kDepth : kDepth / 2;
  for (int k = 0; k < kDepth; k += at_once) c = add_at_once(c, left + k, right + k, at_once, hopper ? 2 : 1);
  return c;
}
template float multiply_add<16>(float, const Factor*, const Factor*, TensorCore);

template <int kDepth>
void multiply_add(float (&d)[16][8], const float (&left)[16][kDepth], const float (&right)[kDepth][8],
                  int smallest_exponent) {
  const TensorCore how = tensor_core();
  if (how == TensorCore::plain) return add_plain(kDepth, d, left[0], right);
  Factor rows[16][kDepth], columns[8][kDepth];
  for (int k = 0; k < kDepth; ++k) {
    for (int row = 0; row < 16; ++row) rows[row][k] = factor(left[row][k], smallest_exponent);
    for (int column = 0; column < 8; ++column) columns[column][k] = factor(right[k][column], smallest_exponent);
  }
  for (int row = 0; row < 16; ++row) {
    for (int column = 0; column < 8; ++column)
      d[row][column] = multiply_add<kDepth>(d[row][column], rows[row], columns[column], how);
  }
}
template void multiply_add<16>(float (&)[16][8], const float (&)[16][16], const float (&)[16][8], int);
template void multiply_add<8>(float (&)[16][8], const float (&)[16][8], const float (&)[8][8], int);

}  // namespace simt

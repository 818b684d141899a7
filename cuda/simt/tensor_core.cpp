#include "tensor_core.h"

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace simt {
namespace {

constexpr int kFloatBits = 23, kSmallestOfFloat = -126;

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
  const bool beyond = std::isinf(nearest) && std::abs(value) >= std::ldexp(1.0, 128);
  return std::abs(static_cast<double>(nearest)) > std::abs(value) && !beyond ? std::nextafter(nearest, 0.0f) : nearest;
}

// c + `count` products at once, with `extra` bits beyond a float's. A product of two floats is exact as a double.
float add_at_once(float c, const Factor* left, const Factor* right, int stride, int count, int extra) {
  double terms[17], plain = c;
  int largest = INT_MIN;
  for (int k = 0; k < count; ++k) {
    terms[k] = static_cast<double>(left[k].value) * right[k * stride].value;
    plain += terms[k];
    if (terms[k] != 0) largest = std::max(largest, left[k].exponent + right[k * stride].exponent);
  }
  terms[count] = c;
  if (c != 0) largest = std::max(largest, factor(c, kSmallestOfFloat).exponent);
  if (!std::isfinite(plain)) return static_cast<float>(plain);
  if (largest == INT_MIN) return 0;
  const int bits = kFloatBits + extra - largest;
  const double scale = std::ldexp(1.0, bits);
  int64_t sum = 0;
  for (int k = 0; k <= count; ++k) sum += static_cast<int64_t>(terms[k] * scale);  // towards zero
  return cut_to_float(std::ldexp(static_cast<double>(sum), -bits));
}

}  // namespace

void set_tensor_core(TensorCore which) { tensor_core() = which; }
TensorCore present_tensor_core() { return tensor_core(); }

const char* name_of(TensorCore which) {
  return which == TensorCore::plain ? "plain" : which == TensorCore::ampere ? "ampere" : "hopper";
}

Factor factor(float value, int smallest_exponent) {
  const bool no_exponent = value == 0 || !std::isfinite(value);
  return {value, no_exponent ? smallest_exponent : std::max(std::ilogb(value), smallest_exponent)};
}

template <int kDepth>
float multiply_add(float c, const Factor* left, const Factor* right, int stride, TensorCore how) {
  if (how == TensorCore::plain) {
    float sum = 0;
    for (int k = 0; k < kDepth; ++k) sum += left[k].value * right[k * stride].value;
    return c + sum;
  }
  const bool hopper = how == TensorCore::hopper;
  const int at_once = hopper ? kDepth : kDepth / 2;
  for (int k = 0; k < kDepth; k += at_once) {
    c = add_at_once(c, left + k, right + k * stride, stride, at_once, hopper ? 2 : 1);
  }
  return c;
}
template float multiply_add<16>(float, const Factor*, const Factor*, int, TensorCore);
template float multiply_add<8>(float, const Factor*, const Factor*, int, TensorCore);

}  // namespace simt

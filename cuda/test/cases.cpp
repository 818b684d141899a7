#include "cases.h"

#include <cmath>

#include "elements.cuh"

namespace selvage::test {

Ptr as_floats(const Tensor& t) {
  Ptr y = empty(shape_of(t));
  cuda::with_type(t.type(), [&](auto element) {
    const auto* from = t.as<decltype(element)>();
    for (int64_t i = 0; i < t.size(); ++i) y->data()[i] = cuda::to_float(from[i]);
  });
  return y;
}

Ptr as_type(const Tensor& x, Type type) {
  const Shape shape = shape_of(x);
  Ptr y = std::make_unique<Tensor>(shape.data(), static_cast<int>(shape.size()), type);
  cuda::with_type(type, [&](auto element) {
    using T = decltype(element);
    for (int64_t i = 0; i < x.size(); ++i) y->as<T>()[i] = cuda::from_float<T>(x.data()[i]);
  });
  return y;
}

double distance(const Tensor& y, const Tensor& expected) {
  const Ptr floats = as_floats(y);
  return distance(*floats, std::vector<double>(expected.data(), expected.data() + expected.size()));
}

}  // namespace selvage::test

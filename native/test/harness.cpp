#include "harness.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <iostream>
#include <random>

namespace selvage::test {

Ptr empty(const Shape& shape, Type type) {
  return std::make_unique<Tensor>(shape.data(), static_cast<int>(shape.size()), type);
}

Ptr random(const Shape& shape, int seed) {
  Ptr t = empty(shape);
  std::mt19937 engine(seed);
  for (int64_t i = 0; i < t->size(); ++i) t->data()[i] = static_cast<float>(engine() * (2.0 / 4294967296.0) - 1.0);
  return t;
}

Ptr of(const Shape& shape, const std::vector<float>& values) {
  Ptr t = empty(shape);
  tensor_upload(t.get(), values.data(), static_cast<int64_t>(values.size()));
  return t;
}

Ptr list(const std::vector<int32_t>& values) {
  return of({static_cast<int64_t>(values.size())}, std::vector<float>(values.begin(), values.end()));
}

Ptr as_type(const Tensor& x, Type type) {
  Ptr y = empty(shape_of(x), type);
  tensor_upload(y.get(), x.data(), x.size());
  return y;
}

Ptr as_floats(const Tensor& t) {
  Ptr y = empty(shape_of(t));
  tensor_download(&t, y->data(), t.size());
  return y;
}

Shape shape_of(const Tensor& t) {
  Shape shape(t.rank());
  for (int i = 0; i < t.rank(); ++i) shape[i] = t.dim(i);
  return shape;
}

std::string text(const Shape& shape) {
  std::string s;
  for (int64_t d : shape) s += (s.empty() ? "" : "x") + std::to_string(d);
  return s;
}

double distance(const Tensor& y, const std::vector<double>& expected) {
  if (y.size() != static_cast<int64_t>(expected.size())) return NAN;
  double difference = 0, norm = 0;
  for (int64_t i = 0; i < y.size(); ++i) {
    difference += (y.data()[i] - expected[i]) * (y.data()[i] - expected[i]);
    norm += expected[i] * expected[i];
  }
  return norm == 0 ? std::sqrt(difference) : std::sqrt(difference / norm);
}

double dot(const Tensor& a, const Tensor& b) {
  double total = 0;
  for (int64_t i = 0; i < a.size(); ++i) total += static_cast<double>(a.data()[i]) * b.data()[i];
  return total;
}

double slope_error(const std::function<double()>& loss, Tensor& x, const Tensor& gradient, float step, int seed) {
  const Ptr direction = random(shape_of(x), seed);
  const std::vector<float> before(x.data(), x.data() + x.size());
  const auto at = [&](float offset) {
    for (int64_t i = 0; i < x.size(); ++i) x.data()[i] = before[i] + offset * direction->data()[i];
    return loss();
  };
  const double numeric = (at(step) - at(-step)) / (2.0 * step);
  std::copy(before.begin(), before.end(), x.data());
  const double analytic = dot(gradient, *direction);
  double terms = 0;  // keeps a sum that happens to cancel from looking like a large relative error
  for (int64_t i = 0; i < x.size(); ++i)
    terms += std::pow(static_cast<double>(gradient.data()[i]) * direction->data()[i], 2);
  return std::abs(numeric - analytic) / std::max({std::abs(numeric), std::abs(analytic), std::sqrt(terms), 1e-9});
}

double throws(const std::function<void()>& call, const std::string& message) {
  try {
    call();
  } catch (const std::exception& e) {
    if (e.what() == message) return 0;
    std::cerr << "expected: " << message << "\nfound:    " << e.what() << "\n";
  }
  return 1;
}

}  // namespace selvage::test

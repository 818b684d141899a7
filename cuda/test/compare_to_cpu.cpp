#include "compare_to_cpu.h"

#include <algorithm>
#include <cmath>

namespace selvage::test {

double disagreement(const Tensor& y, const Tensor& expected) {
  if (y.size() != expected.size()) return NAN;
  double difference = 0, norm = 0;
  for (int64_t i = 0; i < y.size(); ++i) {
    const double a = y.data()[i], b = expected.data()[i];
    if (a == b || (std::isnan(a) && std::isnan(b))) {
      norm += std::isfinite(b) ? b * b : 0;
    } else if (!std::isfinite(a) || !std::isfinite(b)) {
      return NAN;
    } else {
      difference += (a - b) * (a - b);
      norm += b * b;
    }
  }
  return norm == 0 ? std::sqrt(difference) : std::sqrt(difference / norm);
}

Ptr Side::rounded(const Tensor& x) const {
  Ptr narrow = as_type(x, type);
  return gpu ? std::move(narrow) : as_floats(*narrow);
}

Ptr Side::random(const Shape& shape, int seed) const { return rounded(*test::random(shape, seed)); }

Ptr Side::of(const Shape& shape, const std::vector<float>& values) const { return rounded(*test::of(shape, values)); }

Ptr Side::empty(const Shape& shape) const {
  return std::make_unique<Tensor>(shape.data(), static_cast<int>(shape.size()), gpu ? type : Type::f32);
}

Ptr Side::filled(const Shape& shape, float value) const {
  const Ptr t = test::empty(shape);
  fill(t.get(), value);
  return rounded(*t);
}

double disagreement(const Run& run, Type type) {
  const Outputs gpu = run({true, type}), cpu = run({false, type});
  double worst = gpu.size() == cpu.size() ? 0 : NAN;
  for (size_t i = 0; i < cpu.size(); ++i) {
    const double error = disagreement(*as_floats(*gpu.at(i)), *cpu[i]);
    if (!(error <= worst)) worst = error;
    if (std::isnan(worst)) return worst;
  }
  return worst;
}

void add_comparison(Table& table, const std::string& name, double limit, const Run& run) {
  table.push_back({name, limit, [=] { return disagreement(run, Type::f32); }});
}

void add_comparison_all_types(Table& table, const std::string& name, double limit, const Run& run) {
  add_comparison(table, name, limit, run);
  table.push_back({name + " bf16", 1e-2, [=] { return disagreement(run, Type::bf16); }});
  table.push_back({name + " f16", 2e-3, [=] { return disagreement(run, Type::f16); }});
}

}  // namespace selvage::test

// Cases that compare a kernel with the CPU's op of the same name.
#pragma once

#include "cases.h"

namespace selvage::test {

// One of the two: op is called as (gpu ? cuda::op : op)(...), on tensors that begin with the same values. The GPU's are
// of `type`, the CPU's are floats that were rounded to it.
struct Side {
  bool gpu;
  Type type;
  Ptr random(const Shape& shape, int seed) const;
  Ptr of(const Shape& shape, const std::vector<float>& values) const;
  Ptr empty(const Shape& shape) const;
  Ptr filled(const Shape& shape, float value) const;
  Ptr rounded(const Tensor& x) const;
};

// The tensors that an op wrote.
using Outputs = std::vector<Ptr>;
using Run = std::function<Outputs(const Side&)>;
template <typename... Pointers>
Outputs outputs(Pointers... pointers) {
  Outputs all;
  (all.push_back(std::move(pointers)), ...);
  return all;
}

// The relative L2 distance of two tensors of floats. NaN agrees with NaN and infinity with itself, and with nothing
// else.
double disagreement(const Tensor& y, const Tensor& expected);
// The largest between the two sides' outputs.
double disagreement(const Run& run, Type type);

// Rows for floats, within `limit`.
void add_comparison(Table& table, const std::string& name, double limit, const Run& run);
// The same, and rows for bf16 within 1e-2 and f16 within 2e-3.
void add_comparison_all_types(Table& table, const std::string& name, double limit, const Run& run);

}  // namespace selvage::test

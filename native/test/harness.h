// One table of cases: each measures an error and states its limit. Adding an op adds rows.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "selvage.h"
#include "tensor.h"

namespace selvage::test {

using Ptr = std::unique_ptr<Tensor>;
using Shape = std::vector<int64_t>;

struct Case {
  std::string name;
  double limit;
  std::function<double()> error;  // NaN never passes
};

using Table = std::vector<Case>;

Ptr empty(const Shape& shape, Type type = Type::f32);
Ptr random(const Shape& shape, int seed);  // uniform in [-1,1)
Ptr of(const Shape& shape, const std::vector<float>& values);
Ptr list(const std::vector<int32_t>& values);  // of regions
// x as another type, and back, through the boundary's own upload and download.
Ptr as_type(const Tensor& x, Type type);
Ptr as_floats(const Tensor& t);
Shape shape_of(const Tensor& t);
std::string text(const Shape& shape);

// Relative L2 distance from plain double-precision results.
double distance(const Tensor& y, const std::vector<double>& expected);
double dot(const Tensor& a, const Tensor& b);

// The slope of loss along a random direction of x by central differences, against <gradient, direction>: the relative
// difference. For losses linear in x the differences are exact for any step, so the step can be large.
double slope_error(const std::function<double()>& loss, Tensor& x, const Tensor& gradient, float step, int seed = 99);

// 0 if the call throws std::exception with exactly this message, else 1.
double throws(const std::function<void()>& call, const std::string& message);

void add_tensor_cases(Table& table);
void add_device_cases(Table& table);  // of choosing one, while the CPU is the choice
void add_elementwise_cases(Table& table);
void add_convolution_cases(Table& table);
void add_dense_cases(Table& table);
void add_pyramid_cases(Table& table);
void add_region_cases(Table& table);
void add_selection_cases(Table& table);
void add_loss_cases(Table& table);
void add_constant_cases(Table& table);
void add_graph_cases(Table& table);   // on a device itself, which does not copy for each op
void add_bf16_cases(Table& table);    // none, and a line about it, where the device has no bf16
void add_kernel_cases(Table& table);  // of the CPU, below the boundary
void add_thread_cases(Table& table);  // likewise

}  // namespace selvage::test

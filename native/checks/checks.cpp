#include "checks.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "harness.h"
#include "on_device.h"

namespace selvage {

// The cases bring references of their own; no CPU backend takes part.
const Backend cpu::kBackend = {};

namespace checks {
namespace {

using test::Case;
using test::Table;

struct Kernel {
  std::string name;
  Table cases;
};
std::vector<Kernel> kernels;
std::string text;

// The kernel a case belongs to: its first word, and the type after it. "conv_block 1x8x8x3 ..." is conv_block,
// "bf16 softmax 2x3" is softmax bf16.
std::string kernel_of(const std::string& name) {
  const size_t end = name.find_first_of(": ");
  const std::string first = name.substr(0, end);
  if (first != "bf16" || end == std::string::npos) return first;
  return kernel_of(name.substr(end + 1)) + " bf16";
}

void add(const std::string& kernel, const Case& c) {
  auto found = std::find_if(kernels.begin(), kernels.end(), [&](const Kernel& k) { return k.name == kernel; });
  if (found == kernels.end()) found = kernels.insert(found, {kernel, {}});
  found->cases.push_back(c);
}

// ---- products in other precisions -----------------------------------------------------------------------------------

struct Rounding {
  const char* name;
  Precision precision;
  double limit;
};
const Rounding kRoundings[] = {
    {"tf32", Precision::tf32, 1e-3}, {"bf16", Precision::bf16, 1e-2}, {"f16", Precision::f16, 2e-3}};

// Differences of rounded products say nothing of a slope, and messages and zeros are the same in any precision.
bool is_product(const Case& c) {
  const std::string kernel = kernel_of(c.name);
  const bool named = kernel == "matmul" || kernel == "deconv2x2" || kernel.rfind("conv", 0) == 0;
  return named && c.limit > 0 && kernel.find(' ') == std::string::npos && c.name.find("finite") == std::string::npos;
}

// c between the two, whatever comes of it.
Case between(const Case& c, double limit, const std::function<void()>& before, const std::function<void()>& after) {
  const auto error = c.error;
  return {c.name, limit, [=] {
            before();
            double found = NAN;
            try {
              found = error();
            } catch (...) {
              after();
              throw;
            }
            after();
            return found;
          }};
}

Case rounded(const Case& c, const Rounding& rounding) {
  const Precision precision = rounding.precision;
  return between(
      c, std::max(c.limit, rounding.limit), [=] { backend().set_precision(precision); },
      [] { backend().set_precision(Precision::f32); });
}

// A convolution as cuDNN computes it, whose gradients of weights are of the maps' type.
bool is_convolution(const Case& c) { return kernel_of(c.name).rfind("conv_", 0) == 0 && c.limit > 0; }

Case by_cudnn(const Case& c) {
  const bool short_maps = kernel_of(c.name).find(" bf16") != std::string::npos;
  return between(
      c, short_maps ? std::max(c.limit, 1e-2) : c.limit, [] { backend().set_convolutions(Convolutions::cudnn); },
      [] { backend().set_convolutions(Convolutions::builtin); });
}

// How close a case came to its limit; infinite for one that failed without a number.
double share(double error, double limit) {
  if (!(error <= limit)) return limit > 0 && std::isfinite(error) ? error / limit : INFINITY;
  return limit > 0 ? error / limit : 0;
}

}  // namespace
}  // namespace checks
}  // namespace selvage

const char* selvage_checks_open(const selvage::Backend* device) {
  using namespace selvage;
  using namespace selvage::checks;
  if (device == nullptr) device = &backend();
  select(on_device(*device));
  Table table;
  test::add_elementwise_cases(table);
  test::add_convolution_cases(table);
  test::add_dense_cases(table);
  test::add_pyramid_cases(table);
  test::add_region_cases(table);
  test::add_selection_cases(table);
  test::add_loss_cases(table);
  if (device->has_type(Type::bf16)) test::add_bf16_cases(table);
  Table repeated;
  test::add_graph_cases(repeated);
  for (const Case& c : repeated)
    table.push_back(between(
        c, c.limit, [=] { select(*device); }, [=] { select(on_device(*device)); }));
  kernels.clear();
  for (const Case& c : table) add(kernel_of(c.name), c);
  for (const Rounding& rounding : kRoundings) {
    if (!device->set_precision(rounding.precision)) continue;
    device->set_precision(Precision::f32);
    for (const Case& c : table) {
      if (is_product(c)) add(kernel_of(c.name) + " by " + rounding.name, rounded(c, rounding));
    }
  }
  if (device->set_convolutions(Convolutions::cudnn)) {
    device->set_convolutions(Convolutions::builtin);
    for (const Case& c : table) {
      if (is_convolution(c)) add(kernel_of(c.name) + " by cuDNN", by_cudnn(c));
    }
  }
  text.clear();
  for (const Kernel& kernel : kernels) text += kernel.name + "\n";
  return text.c_str();
}

const char* selvage_checks_run(const char* name) {
  using namespace selvage::checks;
  const auto kernel = std::find_if(kernels.begin(), kernels.end(), [&](const Kernel& k) { return k.name == name; });
  int failed = 0;
  double worst = -1, error = NAN, limit = NAN;
  std::string worst_case = "no such kernel";
  const size_t count = kernel == kernels.end() ? 0 : kernel->cases.size();
  for (size_t i = 0; i < count; ++i) {
    const Case& c = kernel->cases[i];
    double found = NAN;
    try {
      found = c.error();
    } catch (const std::exception& e) {
      std::cerr << c.name << ": " << e.what() << "\n";
    }
    if (!(found <= c.limit)) ++failed;
    const double close = share(found, c.limit);
    if (close > worst) worst = close, error = found, limit = c.limit, worst_case = c.name;
  }
  char numbers[96];
  std::snprintf(numbers, sizeof numbers, "%zu\t%d\t%.2e\t%.2e\t", count, failed, error, limit);
  text = numbers + worst_case;
  return text.c_str();
}

#include "checks.h"

#include <algorithm>
#include <cmath>
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

struct Group {
  std::string name;
  Table cases;
};
std::vector<Group> groups;

// The group that a case belongs to: its first word, and the type after it. "conv_block 1x8x8x3 ..." is in conv_block,
// "bf16 softmax 2x3" in softmax bf16.
std::string group_of(const std::string& name) {
  const size_t end = name.find_first_of(": ");
  const std::string first = name.substr(0, end);
  if (first != "bf16" || end == std::string::npos) return first;
  return group_of(name.substr(end + 1)) + " bf16";
}

void add(const std::string& group, const Case& c) {
  auto found = std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return g.name == group; });
  if (found == groups.end()) found = groups.insert(found, {group, {}});
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
  const std::string group = group_of(c.name);
  const bool named = group == "matmul" || group == "deconv2x2" || group.rfind("conv", 0) == 0;
  return named && c.limit > 0 && group.find(' ') == std::string::npos && c.name.find("finite") == std::string::npos;
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
bool is_convolution(const Case& c) { return group_of(c.name).rfind("conv_", 0) == 0 && c.limit > 0; }

Case by_cudnn(const Case& c) {
  const bool short_maps = group_of(c.name).find(" bf16") != std::string::npos;
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

const uint64_t selvage_checks_version = selvage::checks_version();

int selvage_checks_open(const selvage::Backend* device) {
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
  Table in_graph;
  test::add_graph_cases(in_graph);
  for (const Case& c : in_graph)
    table.push_back(between(
        c, c.limit, [=] { select(*device); }, [=] { select(on_device(*device)); }));
  groups.clear();
  for (const Case& c : table) add(group_of(c.name), c);
  for (const Rounding& rounding : kRoundings) {
    if (!device->set_precision(rounding.precision)) continue;
    device->set_precision(Precision::f32);
    for (const Case& c : table) {
      if (is_product(c)) add(group_of(c.name) + " by " + rounding.name, rounded(c, rounding));
    }
  }
  if (device->set_convolutions(Convolutions::cudnn)) {
    device->set_convolutions(Convolutions::builtin);
    for (const Case& c : table) {
      if (is_convolution(c)) add(group_of(c.name) + " by cuDNN", by_cudnn(c));
    }
  }
  return static_cast<int>(groups.size());
}

const char* selvage_checks_name(int group) { return selvage::checks::groups.at(group).name.c_str(); }

const selvage::CheckResult* selvage_checks_run(int group) {
  using namespace selvage::checks;
  static selvage::CheckResult result;
  const Table& cases = groups.at(group).cases;
  result = {static_cast<int>(cases.size()), 0, NAN, NAN, ""};
  double worst = -1;
  for (const Case& c : cases) {
    double found = NAN;
    try {
      found = c.error();
    } catch (const std::exception& e) {
      std::cerr << c.name << ": " << e.what() << "\n";
    }
    if (!(found <= c.limit)) ++result.failed;
    const double close = share(found, c.limit);
    if (close > worst) {
      worst = close;
      result.error = found;
      result.limit = c.limit;
      result.worst_case = c.name.c_str();
    }
  }
  return &result;
}

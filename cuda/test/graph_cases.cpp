// Launches that repeat, and the CUDA graphs made of them.
#include <algorithm>
#include <cstdlib>
#include <memory>

#include "cases.h"
#include "common/kernel.cuh"

namespace selvage::test {
namespace {

using Floats = cuda::Workspace<float>;

// An argument of every launch, another one in each run of a case: memory comes back at the same addresses, and a
// sequence that an earlier run left behind would be known at once.
int run_of_case = 0;

__global__ void add_one(float* y, const float* x, int) { y[threadIdx.x] = x[threadIdx.x] + 1; }

void set(Floats& x, float value) {
  const std::vector<float> host(32, value);
  cuda::upload(x.data(), host.data(), 32 * sizeof(float));
}

// How many of the 32 are something else.
double wrong(Floats& x, float value) {
  std::vector<float> host(32);
  cuda::download(host.data(), x.data(), 32 * sizeof(float));
  return static_cast<double>(32 - std::count(host.begin(), host.end(), value));
}

// x and y in turn, the sum of all in x.
void count_up(Floats& x, Floats& y, int launches) {
  for (int i = 0; i < launches; i += 2) {
    LAUNCH(add_one, 1, 32, 0, y.data(), x.data(), run_of_case);
    LAUNCH(add_one, 1, 32, 0, x.data(), y.data(), run_of_case);
  }
}

template <typename Body>
void in_graph(const Body& body) {
  cuda::begin_graph();
  body();
  cuda::end_graph();
}

// The graphs that body launched.
template <typename Body>
int64_t graphs(const Body& body) {
  const int64_t before = simt::faults().graphs;
  body();
  return simt::faults().graphs - before;
}

// Rounds of 2 full sequences and 6 launches, the input new in each.
double rounds_of_70() {
  Floats x(32), y(32);
  double errors = 0;
  for (int round = 0; round < 4; ++round) {
    set(x, static_cast<float>(round));
    const int64_t launched = graphs([&] { in_graph([&] { count_up(x, y, 70); }); });
    if (launched != (round == 0 ? 1 : 3)) ++errors;  // in the first the second sequence is as the first
    errors += wrong(x, static_cast<float>(70 + round));
  }
  return errors;
}

// The same launches on other addresses are no repetition.
double another_address() {
  Floats x(32), y(32), z(32);
  double errors = 0;
  for (int round = 0; round < 3; ++round) {
    set(x, 0);
    in_graph([&] { count_up(x, y, 8); });
  }
  set(x, 0);
  set(z, 0);
  if (graphs([&] { in_graph([&] { count_up(x, z, 8); }); }) != 0) ++errors;
  if (graphs([&] { in_graph([&] { count_up(x, y, 8); }); }) != 1) ++errors;
  return errors + wrong(x, 16);
}

// Work that asks for the stream runs after the launches that were queued before.
double in_order_with_copies() {
  Floats x(32), y(32);
  double errors = 0;
  for (int round = 0; round < 3; ++round) {
    set(x, 0);
    in_graph([&] {
      count_up(x, y, 6);
      errors += wrong(x, 6);
      set(x, 100);
      count_up(x, y, 6);
      cudaMemsetAsync(y.data(), 0, 32 * sizeof(float), cuda::stream());
      LAUNCH(add_one, 1, 32, 0, y.data(), y.data(), run_of_case);
    });
    errors += wrong(x, 106) + wrong(y, 1);
  }
  return errors;
}

// Memory is released to the device only after the queued launches that use it.
double memory_given_back() {
  Floats x(32);
  in_graph([&] {
    auto y = std::make_unique<Floats>(32);
    set(x, 5);
    LAUNCH(add_one, 1, 32, 0, y->data(), x.data(), run_of_case);
    LAUNCH(add_one, 1, 32, 0, x.data(), y->data(), run_of_case);
  });
  return wrong(x, 7);
}

// More sequences than are remembered.
double many_sequences() {
  Floats x(32);
  std::vector<std::unique_ptr<Floats>> others;
  double errors = 0;
  for (int i = 0; i < 300; ++i) others.push_back(std::make_unique<Floats>(32));
  for (int round = 0; round < 2; ++round) {
    set(x, 0);
    for (const auto& y : others) in_graph([&] { count_up(x, *y, 4); });
    errors += wrong(x, 1200);
  }
  if (graphs([&] { in_graph([&] { count_up(x, *others[299], 4); }); }) != 1) ++errors;
  return errors;
}

// A launch that fails while it is captured; then allocations, copies and the same launches again.
double failing_capture() {
  Floats x(32), y(32);
  set(x, 0);
  in_graph([&] { count_up(x, y, 8); });
  double errors = 1;
  simt::faults().fails_at = 0;
  try {
    in_graph([&] { count_up(x, y, 8); });
  } catch (const cuda::CudaError&) {
    errors = 0;
  }
  simt::faults().fails_at = INT64_MAX;
  Floats z(32);
  set(z, 3);
  if (graphs([&] { in_graph([&] { count_up(x, y, 8); }); }) != 1) ++errors;
  return errors + wrong(x, 16) + wrong(z, 3);
}

double blocking() {
  setenv("CUDA_LAUNCH_BLOCKING", "1", 1);
  Floats x(32), y(32);
  set(x, 0);
  const int64_t launched = graphs([&] {
    for (int round = 0; round < 3; ++round) in_graph([&] { count_up(x, y, 8); });
  });
  unsetenv("CUDA_LAUNCH_BLOCKING");
  return wrong(x, 24) + static_cast<double>(launched);
}

// In the compute stream, which runs at once or as late as it may.
void add(Table& table, const std::string& name, double (*error)()) {
  table.push_back({"graph: " + name, 0, [=] {
                     ++run_of_case;
                     const double at_once = error();
                     ++run_of_case;
                     simt::run_late({cuda::stream()});
                     const double late = error();
                     simt::run_late({});
                     return at_once + late;
                   }});
}

}  // namespace

void add_graph_launch_cases(Table& table) {
  add(table, "a sequence is captured when it comes again", rounds_of_70);
  add(table, "with another address it is another sequence", another_address);
  add(table, "copies keep their place", in_order_with_copies);
  add(table, "memory is given back late enough", memory_given_back);
  add(table, "more sequences than are remembered", many_sequences);
  add(table, "a capture that fails is discarded", failing_capture);
  add(table, "CUDA_LAUNCH_BLOCKING", blocking);
}

}  // namespace selvage::test

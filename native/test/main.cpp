#include <exception>
#include <iostream>
#include <string>

#include "allocations.h"
#include "harness.h"

namespace {

using selvage::test::Case;

// Runs a case again and again, each time with a later allocation that fails, until none is left to fail or `most` were
// tried. An exception is right, and so is a case that finds an error; a crash is not, nor a tensor that is never freed.
// Returns the number of runs; 0 if a tensor was lost.
int run_out_of_memory(const Case& c, int64_t most) {
  for (int64_t n = 1; n <= most; n += 1 + n / 16) {
    selvage::test::fail_allocation(n);
    std::cerr.setstate(std::ios_base::failbit);  // a case may say that it met another error than the one it wants
    try {
      c.error();
    } catch (const std::exception&) {
    }
    std::cerr.clear();
    const bool failed = selvage::test::allocation_failed();
    selvage::test::fail_allocation(0);
    if (selvage::live_tensors() != 0) {
      std::cerr << "FAILED " << c.name << ": " << selvage::live_tensors() << " tensors are alive after allocation " << n
                << " failed\n";
      return 0;
    }
    if (!failed) return static_cast<int>(n);
  }
  return static_cast<int>(most);
}

}  // namespace

// selvage_tests --allocations: lets every allocation of every case fail once.
// selvage_tests [PART [CUDA_LIBRARY]]: runs the cases whose name contains PART, each with one thread and with three, on
// the CPU or on the GPU of that library. The cases look into tensors, so that its memory has to be the host's, as the
// shim's is.
int main(int argc, char** argv) {
  using namespace selvage::test;
  Table table;
  if (argc > 2) {
    selvage::select_device("cuda", argv[2]);
  } else {
    add_device_cases(table);
    add_kernel_cases(table);
    add_thread_cases(table);
  }
  add_tensor_cases(table);
  add_elementwise_cases(table);
  add_convolution_cases(table);
  add_dense_cases(table);
  add_pyramid_cases(table);
  add_region_cases(table);
  add_selection_cases(table);
  add_loss_cases(table);
  add_constant_cases(table);
  add_graph_cases(table);
  add_bf16_cases(table);
  const std::string part = argc > 1 ? argv[1] : "";
  if (part == "--allocations") {
    selvage::set_threads(3);
    int cases = 0, lost = 0;
    for (const Case& c : table) {
      ++cases;
      if (run_out_of_memory(c, 400) == 0) ++lost;
    }
    std::cout << cases << " cases out of memory, " << lost << " lost tensors\n";
    return lost == 0 && cases > 0 ? 0 : 1;
  }
  int run = 0, failed = 0;
  for (const Case& c : table) {
    if (c.name.find(part) == std::string::npos) continue;
    for (int threads : {1, 3}) {
      selvage::set_threads(threads);
      const double error = c.error();
      ++run;
      if (error <= c.limit) continue;
      ++failed;
      std::cerr << "FAILED " << c.name << " with " << threads << " threads: error " << error << ", limit " << c.limit
                << "\n";
    }
  }
  if (selvage::live_tensors() != 0) {
    std::cerr << "FAILED " << selvage::live_tensors() << " tensors are still alive\n";
    ++failed;
  }
  std::cout << run << " checks, " << failed << " failed\n";
  return failed == 0 && run > 0 ? 0 : 1;
}

#include <iostream>
#include <string>

#include "harness.h"

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
  }
  add_tensor_cases(table);
  add_elementwise_cases(table);
  add_convolution_cases(table);
  add_dense_cases(table);
  add_pyramid_cases(table);
  add_region_cases(table);
  add_selection_cases(table);
  add_loss_cases(table);
  add_graph_cases(table);
  add_bf16_cases(table);
  const std::string part = argc > 1 ? argv[1] : "";
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

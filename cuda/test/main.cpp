#include <iostream>
#include <string>

#include "cases.h"
#include "device/memory.h"
#include "simt/launch.h"
#include "simt/tensor_core.h"

// A thread that a planted bug ends in the middle of its kernel leaves behind what it owned.
extern "C" __attribute__((visibility("default"))) const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }

// simt_tests [PART]: runs the cases whose name contains PART, in every thread order, each with a tensor core of its
// own.
int main(int argc, char** argv) {
  using namespace selvage::test;
  using simt::Order;
  using simt::TensorCore;
  Table table;
  add_shim_cases(table);
  add_tensor_core_cases(table);
  add_hopper_cases(table);
  add_bank_cases(table);
  add_stream_cases(table);
  add_graph_launch_cases(table);
  add_elementwise_kernel_cases(table);
  add_norm_kernel_cases(table);
  add_loss_kernel_cases(table);
  add_pyramid_kernel_cases(table);
  add_region_kernel_cases(table);
  add_selection_kernel_cases(table);
  add_product_cases(table);
  add_cudnn_cases(table);
  add_exchange_cases(table);
  const std::string part = argc > 1 ? argv[1] : "";
  int run = 0, failed = 0;
  for (const Case& c : table) {
    if (c.name.find(part) == std::string::npos) continue;
    for (const auto& [order, tensor_core] :
         {std::pair(Order::forward, TensorCore::plain), std::pair(Order::reverse, TensorCore::ampere),
          std::pair(Order::shuffled, TensorCore::hopper)}) {
      simt::set_order(order);
      simt::set_tensor_core(tensor_core);
      double error = NAN;
      try {
        error = c.error();
      } catch (const std::exception& e) {
        std::cerr << e.what() << "\n";
      }
      ++run;
      if (error <= c.limit) continue;
      ++failed;
      std::cerr << "FAILED " << c.name << " in " << simt::name_of(order) << " order on a tensor core of kind "
                << simt::name_of(tensor_core) << ": error " << error << ", limit " << c.limit << "\n";
    }
  }
  if (selvage::live_tensors() != 0 || selvage::cuda::allocated_bytes() != 0) {
    std::cerr << "FAILED " << selvage::live_tensors() << " tensors and " << selvage::cuda::allocated_bytes()
              << " bytes are still held\n";
    ++failed;
  }
  std::cout << run << " checks, " << failed << " failed\n";
  return failed == 0 && run > 0 ? 0 : 1;
}

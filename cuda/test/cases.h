// The kernels' table of cases. Each case runs in every thread order; ops are called as selvage::cuda::name, since on
// the shim the device's memory is the heap.
#pragma once

#include "harness.h"
#include "ops.h"

namespace selvage::test {

void add_shim_cases(Table& table);
void add_tensor_core_cases(Table& table);
void add_hopper_cases(Table& table);
void add_bank_cases(Table& table);
void add_stream_cases(Table& table);
void add_graph_launch_cases(Table& table);
void add_elementwise_kernel_cases(Table& table);
void add_norm_kernel_cases(Table& table);
void add_loss_kernel_cases(Table& table);
void add_pyramid_kernel_cases(Table& table);
void add_region_kernel_cases(Table& table);
void add_selection_kernel_cases(Table& table);
void add_product_cases(Table& table);
void add_cudnn_cases(Table& table);
void add_exchange_cases(Table& table);

// c with its convolutions by cuDNN, of which at least one needs to be.
Case by_cudnn(const Case& c);
// c with its 16-bit products by the kernels of compute capability 9.0.
Case by_wgmma(const Case& c);

// 0 if the launch ends in a violation of the shim's rules whose text contains `what`.
double violates(const std::function<void()>& launch, const std::string& what);

// Relative L2 distance of a tensor, of any element type, from one of floats.
double distance(const Tensor& y, const Tensor& expected);

}  // namespace selvage::test

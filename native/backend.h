// The interface between the boundary (selvage.h) and a backend, which computes: the CPU, or a GPU.
//
// api/*.cpp checks the arguments of each function of selvage.h, once for every backend, and calls the selected
// backend's function of the same name. A backend may therefore assume that shapes and types fit, that indices are in
// range, and that tensors lie in its own memory.
#pragma once

#include <cstdint>

#include "selvage.h"

namespace selvage {

// Every op, by its name in selvage.h.
// clang-format off
#define SELVAGE_OPS(OP)                                                                           \
  OP(fill) OP(copy) OP(cast) OP(add) OP(scale) OP(sum_squares) OP(sum) OP(all_finite)             \
  OP(conv_block) OP(conv_data_grad) OP(transpose_kernels) OP(conv_weight_grad)                    \
  OP(fold_bn) OP(fold_bn_grad)                                                                    \
  OP(deconv2x2) OP(deconv2x2_data_grad) OP(deconv2x2_weight_grad)                                 \
  OP(matmul) OP(sum_rows) OP(relu_grad) OP(add_relu) OP(batch_norm) OP(batch_norm_grad)           \
  OP(softmax) OP(sigmoid) OP(average)                                                             \
  OP(max_pool) OP(max_pool_grad) OP(upsample_add) OP(upsample_grad)                               \
  OP(subsample) OP(subsample_grad) OP(prefetch_images) OP(mold_images) OP(rpn_heads)              \
  OP(roi_align) OP(roi_align_grad) OP(propose) OP(refine_detections)                              \
  OP(detection_targets) OP(mask_targets)                                                          \
  OP(gather_rows) OP(scatter_add_rows) OP(gather_patches) OP(scatter_add_patches)                 \
  OP(mask_logits) OP(mask_logits_grad) OP(softmax_cross_entropy) OP(box_loss)                     \
  OP(mask_loss) OP(l2) OP(l2_grad) OP(sgd)
// Sums over ranks on GPUs, which the CPU does not have: ranks.cpp sums there.
#define SELVAGE_EXCHANGE(FUNCTION)                                                                \
  FUNCTION(open_nccl) FUNCTION(device_address) FUNCTION(make_ranks_id) FUNCTION(connect_ranks)    \
  FUNCTION(begin_sum) FUNCTION(take_sums) FUNCTION(sums_are_there) FUNCTION(exchange_seconds)     \
  FUNCTION(abort_ranks)
// The ops, and what a backend has besides.
#define SELVAGE_FUNCTIONS(FUNCTION)                                                               \
  FUNCTION(allocate) FUNCTION(release) FUNCTION(allocated_bytes) FUNCTION(upload)                 \
  FUNCTION(download) FUNCTION(set_precision) FUNCTION(has_type) FUNCTION(open_cudnn)              \
  FUNCTION(set_convolutions) FUNCTION(begin_graph) FUNCTION(end_graph)                            \
  SELVAGE_OPS(FUNCTION) SELVAGE_EXCHANGE(FUNCTION)
// clang-format on

// Of a tensor's elements; its numbers are those of has_type() and tensor_new().
enum class Type : uint8_t { f32, bf16, f16 };

// How products of float tensors are formed: in float32, or on tensor cores with operands rounded to a shorter type.
// Sums are float32 always.
enum class Precision : uint8_t { f32, tf32, bf16, f16 };

// Which kernels compute a GPU's convolutions; automatic takes the faster of the two at each shape. Where cuDNN lacks a
// product, the built-in kernels compute it; with only_cudnn, for measurements, that is an error.
enum class Convolutions : uint8_t { builtin, cudnn, automatic, only_cudnn };

constexpr int kRanksId = 128;  // bytes of what names a group of ranks to NCCL

// A backend's functions in the order of SELVAGE_FUNCTIONS, each called as Call says.
template <template <typename Function> class Call>
struct FunctionTable {
  const char* name;      // as select_device takes it: cpu, cuda:0
  const char* hardware;  // the maker's name of it

  Call<void*(int64_t bytes)>
      allocate;  // 64-byte aligned, uninitialised; throws Error of kind out_of_memory or out_of_device_memory
  Call<void(void* block, int64_t bytes)> release;
  Call<int64_t()> allocated_bytes;  // in use and cached
  Call<void(void* to, const void* from, int64_t bytes)> upload;
  Call<void(void* to, const void* from, int64_t bytes)> download;  // after every op called before
  Call<bool(Precision precision)> set_precision;  // false, and nothing changed, if it has no such products
  Call<bool(Type type)> has_type;
  Call<const char*(const char* library)> open_cudnn;  // empty, or why it cannot be used
  Call<bool(Convolutions chosen)> set_convolutions;   // false, and nothing changed, if it has no such engine
  Call<void()> begin_graph, end_graph;

#define SELVAGE_MEMBER(op) Call<decltype(selvage::op)> op;
  SELVAGE_OPS(SELVAGE_MEMBER)
#undef SELVAGE_MEMBER

  Call<const char*(const char* library)> open_nccl;              // empty, or why it cannot be used
  Call<const char*()> device_address;                            // of the GPU on its machine
  Call<void(void* id)> make_ranks_id;                            // writes kRanksId bytes
  Call<void(const void* id, int rank, int size)> connect_ranks;  // the rest of these is declared in gradient_exchange.h
  Call<void(float* values, int64_t count)> begin_sum;
  Call<void()> take_sums;
  Call<bool()> sums_are_there;
  Call<void(double* all_and_shown)> exchange_seconds;
  Call<void()> abort_ranks;
};

template <typename Function>
using Direct = Function*;  // errors are exceptions
using Backend = FunctionTable<Direct>;

const Backend& backend();                        // the selected one; the CPU until select_device says otherwise
const Backend& select(const Backend& selected);  // returns the one before

namespace cpu {
extern const Backend kBackend;
}

}  // namespace selvage

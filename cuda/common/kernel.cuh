// Every kernel file includes this: CUDA itself, or the shim of cuda/simt where a C++ compiler builds the tests.
//
// How a kernel file is written:
// - cuda/<op>.cu defines, in namespace selvage::cuda, the functions of native/cpu/<op>.cpp with the same signatures
//   (ops.h declares them). They have the same narrow contract: api/*.cpp has checked the arguments. A size may be 0:
//   return before launching, since a grid of no blocks is an error.
// - The head of the file says, for each kernel: shapes, launch configuration and why, work and bytes, determinism.
// - LAUNCH(kernel, grid, block, shared_bytes, arguments...) launches on stream() and throws CudaError with the kernel's
//   name. A template with commas goes in parentheses: LAUNCH((gemm<float, 64>), ...). A profiler shows that name, so it
//   begins with the op's. A structure among the arguments should have no padding: launches.h compares their bytes.
// - Shared memory: DYNAMIC_SHARED(float, name) for the launch's bytes, SHARED(float[8][33], name) for a fixed variable.
// - Loops over elements: for (int64_t i = global_thread(); i < count; i += global_threads()), launched with
//   blocks_for(count). Offsets into tensors are int64_t.
// - Memory: Workspace<T> for the length of one call, Uploaded<T> for a host list (device/memory.h). Every kernel
//   and copy goes to stream(), so that memory may be used again without waiting; only functions that return a number
//   synchronise.
// - Warp primitives take kAllLanes; instructions without a C++ name are in common/ptx.cuh. No float atomics: sums go
//   through fixed partial sums added in order (reduce.cuh), so that a step repeats bit for bit.
// - Activations may be float, bf16 or f16 (elements.cuh): with_type(x->type(), [&](auto element) { ... }).
//   Parameters, statistics and losses are float.
// - Tests: add cuda/test/<group>_cases.cpp, or a row in one, with add_<group>_cases(Table&) declared in cases.h. They
//   run on the shim in three thread orders, under sanitizers and the race check; keep a case below 0.05 GFLOP.
#pragma once

#include <cstdint>

#ifdef __CUDACC__
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>

#include "common/ptx.cuh"
#else
#include "simt/simt.h"
#endif

#include "device/launches.h"
#include "device/memory.h"

#ifdef __CUDACC__
#define DYNAMIC_SHARED(T, name)                                            \
  extern __shared__ __align__(128) unsigned char selvage_dynamic_shared[]; \
  T* name = reinterpret_cast<T*>(selvage_dynamic_shared)
#define SHARED(T, name)  \
  using name##_type = T; \
  __shared__ name##_type name
#endif

namespace selvage::cuda {

constexpr unsigned kAllLanes = 0xffffffffu;
constexpr int kThreads = 256;  // of a block, unless a kernel needs another number

// Blocks of `threads` for one element a thread; beyond 64 blocks an SM (at 132 of them) threads take several.
inline unsigned blocks_for(int64_t count, int threads = kThreads) {
  const int64_t blocks = (count + threads - 1) / threads;
  return static_cast<unsigned>(blocks < 8448 ? blocks : 8448);
}

__device__ __forceinline__ int64_t global_thread() {
  return static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
}
__device__ __forceinline__ int64_t global_threads() { return static_cast<int64_t>(gridDim.x) * blockDim.x; }

}  // namespace selvage::cuda

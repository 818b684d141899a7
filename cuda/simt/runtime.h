// The part of CUDA's runtime that the backend uses. Everything happens at once, in the order of the calls; device
// memory is the heap's, filled with NaN, so that AddressSanitizer and arithmetic both see what a kernel should not
// touch.
#pragma once

#include <malloc.h>

#include <cstdlib>
#include <cstring>

#include "faults.h"

using cudaError_t = int;
constexpr cudaError_t cudaSuccess = 0, cudaErrorMemoryAllocation = 2, cudaErrorInsufficientDriver = 35,
                      cudaErrorNoDevice = 100, cudaErrorLaunchFailure = 719;
using cudaStream_t = struct simt_stream*;
using cudaEvent_t = struct simt_event*;
enum cudaMemcpyKind { cudaMemcpyHostToDevice, cudaMemcpyDeviceToHost, cudaMemcpyDeviceToDevice };

enum cudaDeviceAttr { cudaDevAttrComputeCapabilityMajor, cudaDevAttrComputeCapabilityMinor };

// One device, which can do all that the kernels know, unless a test plants another.
inline cudaError_t cudaGetDeviceCount(int* count) {
  *count = simt::faults().gpus;
  if (simt::faults().no_driver) return cudaErrorInsufficientDriver;
  return *count == 0 ? cudaErrorNoDevice : cudaSuccess;
}
inline cudaError_t cudaSetDevice(int) { return cudaSuccess; }
inline cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr which, int) {
  const int capability = simt::faults().capability;
  *value = which == cudaDevAttrComputeCapabilityMajor ? capability / 10 : capability % 10;
  return cudaSuccess;
}

struct cudaDeviceProp {
  char name[256];
};
inline cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int) {
  std::strcpy(properties->name, "simulated");
  return cudaSuccess;
}

inline const char* cudaGetErrorString(cudaError_t error) {
  return error == cudaSuccess                 ? "no error"
         : error == cudaErrorMemoryAllocation ? "out of memory"
                                              : "unspecified launch failure";
}
inline cudaError_t cudaGetLastError() { return simt::faults().lost() ? cudaErrorLaunchFailure : cudaSuccess; }

inline cudaError_t cudaMalloc(void** memory, size_t bytes) {
  simt::Faults& faults = simt::faults();
  if (faults.used + static_cast<int64_t>(bytes) > faults.memory) return cudaErrorMemoryAllocation;
  if (posix_memalign(memory, 256, bytes == 0 ? 1 : bytes) != 0) return cudaErrorMemoryAllocation;
  faults.used += static_cast<int64_t>(malloc_usable_size(*memory));
  std::memset(*memory, 0xff, bytes);
  return cudaSuccess;
}
inline cudaError_t cudaMemGetInfo(size_t* free, size_t* total) {
  *total = static_cast<size_t>(simt::faults().memory);
  *free = *total - static_cast<size_t>(simt::faults().used);
  return cudaSuccess;
}
inline cudaError_t cudaFree(void* memory) {
  simt::faults().used -= static_cast<int64_t>(malloc_usable_size(memory));
  std::free(memory);
  return cudaSuccess;
}
inline cudaError_t cudaMallocHost(void** memory, size_t bytes) { return cudaMalloc(memory, bytes); }
inline cudaError_t cudaFreeHost(void* memory) { return cudaFree(memory); }

inline cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t bytes, cudaMemcpyKind, cudaStream_t) {
  if (bytes > 0) std::memcpy(to, from, bytes);
  return cudaGetLastError();
}
inline cudaError_t cudaMemsetAsync(void* to, int value, size_t bytes, cudaStream_t) {
  if (bytes > 0) std::memset(to, value, bytes);
  return cudaSuccess;
}
inline cudaError_t cudaStreamSynchronize(cudaStream_t) { return cudaGetLastError(); }

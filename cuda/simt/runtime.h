// The part of CUDA's runtime that the backend uses. Device memory is the heap's, filled with NaN, so that
// AddressSanitizer and arithmetic both see what a kernel should not touch; streams.h says when things run.
#pragma once

#include <malloc.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>

#include "faults.h"
#include "streams.h"

#define CUDART_VERSION 13000
using cudaError_t = int;
constexpr cudaError_t cudaSuccess = 0, cudaErrorMemoryAllocation = 2, cudaErrorInsufficientDriver = 35,
                      cudaErrorNotReady = 600, cudaErrorNoDevice = 100, cudaErrorNoKernelImageForDevice = 209,
                      cudaErrorLaunchFailure = 719, cudaErrorStreamCaptureUnsupported = 900,
                      cudaErrorStreamCaptureInvalidated = 901;
using cudaStream_t = struct simt_stream*;
using cudaEvent_t = struct simt_event*;
enum cudaMemcpyKind { cudaMemcpyHostToDevice, cudaMemcpyDeviceToHost, cudaMemcpyDeviceToDevice };

enum cudaDeviceAttr {
  cudaDevAttrComputeCapabilityMajor,
  cudaDevAttrComputeCapabilityMinor,
  cudaDevAttrMaxSharedMemoryPerBlockOptin,
  cudaDevAttrMultiProcessorCount
};

// One device, which can do all that the kernels know, unless a test plants another.
inline cudaError_t cudaGetDeviceCount(int* count) {
  *count = simt::faults().gpus;
  if (simt::faults().driver < CUDART_VERSION) return cudaErrorInsufficientDriver;
  return *count == 0 ? cudaErrorNoDevice : cudaSuccess;
}
inline cudaError_t cudaDriverGetVersion(int* version) {
  *version = simt::faults().driver;
  return cudaSuccess;
}
struct cudaFuncAttributes {};
inline cudaError_t cudaFuncGetAttributes(cudaFuncAttributes*, const void*) {
  return simt::faults().no_image ? cudaErrorNoKernelImageForDevice : cudaSuccess;
}
inline cudaError_t cudaSetDevice(int device) {
  simt::current_device = device;
  return cudaSuccess;
}
inline cudaError_t cudaGetDevice(int* device) {
  *device = simt::current_device;
  return cudaSuccess;
}
inline cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr which, int) {
  const int capability = simt::faults().capability;
  *value = which == cudaDevAttrComputeCapabilityMajor   ? capability / 10
           : which == cudaDevAttrComputeCapabilityMinor ? capability % 10
           : which == cudaDevAttrMultiProcessorCount    ? 3
                                                        : static_cast<int>(simt::most_shared_bytes());
  return cudaSuccess;
}

inline cudaError_t cudaDeviceGetPCIBusId(char* text, int length, int device) {
  std::snprintf(text, static_cast<size_t>(length), "0000:%02x:00.0", device);
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
  switch (error) {
    case cudaSuccess:
      return "no error";
    case cudaErrorMemoryAllocation:
      return "out of memory";
    case cudaErrorNoKernelImageForDevice:
      return "no kernel image is available for execution on the device";
    case cudaErrorLaunchFailure:
      return "unspecified launch failure";
    case cudaErrorStreamCaptureInvalidated:
      return "operation failed due to a previous error during capture";
    default:
      return "operation not permitted when stream is capturing";
  }
}
inline cudaError_t cudaGetLastError() { return simt::faults().lost() ? cudaErrorLaunchFailure : cudaSuccess; }

inline cudaError_t cudaMalloc(void** memory, size_t bytes) {
  if (simt::breaks_captures()) return cudaErrorStreamCaptureUnsupported;
  simt::Faults& faults = simt::faults();
  if (faults.used + static_cast<int64_t>(bytes) > faults.memory) return cudaErrorMemoryAllocation;
  *memory = simt::new_memory(bytes, false);
  if (*memory == nullptr) return cudaErrorMemoryAllocation;
  faults.used += static_cast<int64_t>(malloc_usable_size(*memory));
  return cudaSuccess;
}
inline cudaError_t cudaMemGetInfo(size_t* free, size_t* total) {
  *total = static_cast<size_t>(simt::faults().memory);
  *free = *total - static_cast<size_t>(simt::faults().used);
  return cudaSuccess;
}
// Waits for the device, as CUDA's does.
inline cudaError_t cudaFree(void* memory) {
  if (simt::breaks_captures()) return cudaErrorStreamCaptureUnsupported;
  simt::faults().used -= static_cast<int64_t>(malloc_usable_size(memory));
  simt::free_memory(memory);
  return cudaSuccess;
}
inline cudaError_t cudaMallocHost(void** memory, size_t bytes) {
  if (simt::breaks_captures()) return cudaErrorStreamCaptureUnsupported;
  *memory = simt::new_memory(bytes, true);
  return *memory == nullptr ? cudaErrorMemoryAllocation : cudaSuccess;
}
inline cudaError_t cudaFreeHost(void* memory) {
  if (simt::breaks_captures()) return cudaErrorStreamCaptureUnsupported;
  simt::free_memory(memory);
  return cudaSuccess;
}

inline cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  if (kind == cudaMemcpyDeviceToDevice) {
    simt::enqueue(stream, [=] {
      if (bytes > 0) std::memcpy(to, from, bytes);
    });
  } else {
    // CUDA may wait for a copy of memory that is not pinned.
    if (!simt::is_pinned(kind == cudaMemcpyDeviceToHost ? to : from) && simt::breaks_captures())
      return cudaErrorStreamCaptureUnsupported;
    simt::copy(to, from, bytes, stream, kind == cudaMemcpyDeviceToHost);
  }
  return cudaGetLastError();
}
inline cudaError_t cudaMemsetAsync(void* to, int value, size_t bytes, cudaStream_t stream) {
  simt::enqueue(stream, [=] {
    if (bytes > 0) std::memset(to, value, bytes);
  });
  return cudaGetLastError();
}

constexpr unsigned cudaStreamNonBlocking = 1, cudaEventDisableTiming = 2;
inline cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  *stream = simt::new_stream();
  return cudaSuccess;
}
inline cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  if (simt::breaks_captures()) return cudaErrorStreamCaptureUnsupported;
  ++simt::faults().waits;
  simt::run_all(stream);
  return cudaGetLastError();
}
inline cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned flags) {
  *event = new simt_event;
  if ((flags & cudaEventDisableTiming) == 0) (*event)->milliseconds = std::make_shared<double>(0);
  return cudaSuccess;
}
inline cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  std::shared_ptr<double> when;
  if (event->milliseconds != nullptr) {
    when = std::make_shared<double>(0);
    simt::enqueue(stream, [when, stream] {
      *when = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count() +
              stream->passed + simt::faults().passed;
    });
  }
  *event = {stream, stream->enqueued, when};
  return cudaSuccess;
}
// Both have happened.
inline cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t from, cudaEvent_t to) {
  *milliseconds = static_cast<float>(*to->milliseconds - *from->milliseconds);
  return cudaSuccess;
}
inline cudaError_t cudaEventQuery(cudaEvent_t event) {
  if (event->stream != nullptr && !simt::run_ready(event->stream, event->at)) return cudaErrorNotReady;
  return cudaGetLastError();
}
// An event that was never recorded has happened.
inline cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  if (simt::breaks_captures()) return cudaErrorStreamCaptureUnsupported;
  if (event->stream != nullptr) simt::run_until(event->stream, event->at);
  return cudaGetLastError();
}
inline cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned = 0) {
  if (event->stream != nullptr) simt::wait_for(stream, event->stream, event->at);
  return cudaSuccess;
}

// A graph is what its capture took up, in that order; launched, it joins the stream whole.
using cudaGraph_t = std::vector<std::function<void()>>*;
using cudaGraphExec_t = cudaGraph_t;
enum cudaStreamCaptureMode { cudaStreamCaptureModeThreadLocal = 1 };
inline cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode) {
  if (stream->captured != nullptr) return cudaErrorStreamCaptureUnsupported;
  stream->captured = new std::vector<std::function<void()>>;
  return cudaSuccess;
}
inline cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
  const bool broken = stream->capture_broken;
  *graph = broken ? nullptr : stream->captured;
  if (broken) delete stream->captured;
  stream->captured = nullptr;
  stream->capture_broken = false;
  return broken ? cudaErrorStreamCaptureInvalidated : cudaSuccess;
}
inline cudaError_t cudaGraphInstantiate(cudaGraphExec_t* executable, cudaGraph_t graph, unsigned long long) {
  *executable = new std::vector<std::function<void()>>(*graph);
  return cudaSuccess;
}
inline cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  delete graph;
  return cudaSuccess;
}
inline cudaError_t cudaGraphExecDestroy(cudaGraphExec_t executable) { return cudaGraphDestroy(executable); }
inline cudaError_t cudaGraphLaunch(cudaGraphExec_t executable, cudaStream_t stream) {
  ++simt::faults().graphs;
  for (const auto& operation : *executable) simt::enqueue(stream, operation);
  return cudaGetLastError();
}

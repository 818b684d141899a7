// The device's memory: a caching allocator for the one compute stream, buffers that live for one call, and uploads of
// host lists.
#pragma once

#ifdef __CUDACC__
#include <cuda_runtime.h>
#else
#include "simt/runtime.h"
#endif

#include <cstdint>
#include <string>

#include "error.h"

namespace selvage::cuda {

class CudaError : public Error {
 public:
  explicit CudaError(const std::string& message) : Error(ErrorKind::device_error, message) {}
};

// Throws CudaError `what: CUDA says ...` unless error is cudaSuccess.
void check_cuda(cudaError_t error, const char* what);

// The compute stream. Kernels and copies run on it in the order of their calls. All launches before this call are on
// it.
cudaStream_t stream();
cudaStream_t raw_stream();   // the same, without a flush of the queued launches (launches.h)
cudaStream_t copy_stream();  // a second stream, for copies that need not wait for the step
cudaStream_t new_stream();   // one that neither waits for the default stream nor makes it wait
cudaEvent_t new_event();     // without timing
cudaEvent_t new_timed_event();
void synchronise();

// Stream-ordered: a released block may be handed out at once, since what uses it next runs after what used it last.
void* allocate(int64_t bytes);  // 256-byte aligned, uninitialised, nullptr for none; throws std::bad_alloc
void release(void* block, int64_t bytes);
int64_t allocated_bytes();  // in use and cached
// from is free again on return. Nothing is waited for but pinned memory that earlier uploads have yet to be copied
// from: staging.h.
void upload(void* to, const void* from, int64_t bytes);
void download(void* to, const void* from, int64_t bytes);  // waits for everything before it

// Lets a kernel have more than the 48 KB of dynamic shared memory that it may have unasked.
void allow_shared(const void* kernel, int64_t bytes);
int64_t most_shared();  // that this device lets a block have

// Device memory for `count` elements, for the length of one call.
template <typename T>
class Workspace {
 public:
  explicit Workspace(int64_t count)
      : bytes_(count * static_cast<int64_t>(sizeof(T))), data_(static_cast<T*>(allocate(bytes_))) {}
  ~Workspace() { release(data_, bytes_); }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  T* data() { return data_; }

 private:
  int64_t bytes_;
  T* data_;
};

// A host list on the device, for the length of one call.
template <typename T>
class Uploaded {
 public:
  Uploaded(const T* host, int64_t count) : device_(count) {
    upload(device_.data(), host, count * static_cast<int64_t>(sizeof(T)));
  }
  const T* data() { return device_.data(); }

 private:
  Workspace<T> device_;
};

}  // namespace selvage::cuda

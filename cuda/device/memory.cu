#include "block_cache.h"
#include "device/launches.h"
#include "device/memory.h"
#include "device/staging.h"

namespace selvage::cuda {
namespace {

constexpr int64_t kGranule = 512;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kCaching = false;
#else
constexpr bool kCaching = true;
#endif

void* fresh(int64_t bytes) {
  void* block = nullptr;
  if (cudaMalloc(&block, bytes) == cudaSuccess) return block;
  cudaGetLastError();  // an allocation that failed must not look like the next kernel's failure
  return nullptr;
}

// Waits for the device by itself. At the process's end the driver may be gone before us, and its memory with it.
void drop(void* block) {
  flush_launches();  // they may use the block
  cudaFree(block);
}

BlockCache cache(fresh, drop, kGranule, kCaching);

Staging staging;

cudaEvent_t new_event(unsigned flags) {
  cudaEvent_t event = nullptr;
  check_cuda(cudaEventCreateWithFlags(&event, flags), "new_event");
  return event;
}

}  // namespace

void check_cuda(cudaError_t error, const char* what) {
  if (error == cudaSuccess) return;
  throw CudaError(std::string(what) + ": CUDA says " + cudaGetErrorString(error) + " (" +
                  std::to_string(static_cast<int>(error)) + ")");
}

cudaStream_t new_stream() {
  cudaStream_t stream = nullptr;
  check_cuda(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "new_stream");
  return stream;
}

cudaStream_t raw_stream() {
  static const cudaStream_t compute = new_stream();
  return compute;
}

cudaStream_t stream() {
  flush_launches();
  return raw_stream();
}

cudaStream_t copy_stream() {
  static const cudaStream_t copies = new_stream();
  return copies;
}

cudaEvent_t new_event() { return new_event(cudaEventDisableTiming); }
cudaEvent_t new_timed_event() { return new_event(0); }

void synchronise() { check_cuda(cudaStreamSynchronize(stream()), "synchronise"); }

void* allocate(int64_t bytes) { return bytes == 0 ? nullptr : cache.allocate(bytes); }
void release(void* block, int64_t bytes) {
  if (bytes > 0) cache.release(block, bytes);
}
int64_t allocated_bytes() { return cache.allocated_bytes(); }

void upload(void* to, const void* from, int64_t bytes) { staging.copy(to, from, bytes); }

void download(void* to, const void* from, int64_t bytes) {
  if (bytes > 0) check_cuda(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, stream()), "download");
  synchronise();
}

void allow_shared(const void* kernel, int64_t bytes) {
#ifdef __CUDACC__
  if (bytes <= 48 << 10) return;
  check_cuda(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(bytes)),
             "allow_shared");
#else
  (void)kernel;
  (void)bytes;
#endif
}

int64_t most_shared() {
  int device = 0, bytes = 0;
  check_cuda(cudaGetDevice(&device), "most_shared");
  check_cuda(cudaDeviceGetAttribute(&bytes, cudaDevAttrMaxSharedMemoryPerBlockOptin, device), "most_shared");
  return bytes;
}

}  // namespace selvage::cuda

#include <cstring>
#include <map>
#include <mutex>
#include <new>
#include <vector>

#include "memory.h"

namespace selvage::cuda {
namespace {

constexpr int64_t kSmallest = 512;

// Under a sanitizer every block is exact and freed at once, so that each access out of bounds or too late shows.
#if defined(__SANITIZE_ADDRESS__) || defined(SIMT_RACES)
constexpr bool kCaching = false;
#else
constexpr bool kCaching = true;
#endif

std::mutex mutex;
int64_t held = 0;
std::map<int64_t, std::vector<void*>> free_blocks;  // by size; left to the driver at the process's end

// Eight classes an octave, as on the CPU: sizes that vary from step to step still meet again.
int64_t size_class(int64_t bytes) {
  if (!kCaching) return bytes;
  int64_t octave = kSmallest;
  while (octave * 2 <= bytes) octave *= 2;
  const int64_t step = octave / 8;
  return bytes <= kSmallest ? kSmallest : (bytes + step - 1) / step * step;
}

void* take_cached(int64_t bytes) {
  const auto found = free_blocks.find(bytes);
  if (found == free_blocks.end() || found->second.empty()) return nullptr;
  void* block = found->second.back();
  found->second.pop_back();
  return block;
}

void* fresh(int64_t bytes) {
  void* block = nullptr;
  if (cudaMalloc(&block, bytes) != cudaSuccess) {
    cudaGetLastError();  // an allocation that failed must not look like the next kernel's failure
    return nullptr;
  }
  held += bytes;
  return block;
}

void drop_cached() {
  synchronise();
  for (auto& [bytes, blocks] : free_blocks) {
    for (void* block : blocks) cudaFree(block);
    held -= bytes * static_cast<int64_t>(blocks.size());
  }
  free_blocks.clear();
}

}  // namespace

void check_cuda(cudaError_t error, const char* what) {
  if (error == cudaSuccess) return;
  throw CudaError(std::string(what) + ": CUDA says " + cudaGetErrorString(error) + " (" +
                  std::to_string(static_cast<int>(error)) + ")");
}

// The thread's default stream of the context: one stream for all work needs no stream object.
cudaStream_t stream() { return nullptr; }

void synchronise() { check_cuda(cudaStreamSynchronize(stream()), "synchronise"); }

void* allocate(int64_t size) {
  if (size == 0) return nullptr;
  std::lock_guard<std::mutex> lock(mutex);
  const int64_t bytes = size_class(size);
  void* block = take_cached(bytes);
  if (block == nullptr) block = fresh(bytes);
  if (block == nullptr) {
    drop_cached();
    block = fresh(bytes);
  }
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

void release(void* block, int64_t size) {
  if (size == 0) return;
  std::lock_guard<std::mutex> lock(mutex);
  const int64_t bytes = size_class(size);
  if (kCaching) {
    free_blocks[bytes].push_back(block);
  } else {
    cudaFree(block);
    held -= bytes;
  }
}

int64_t held_bytes() {
  std::lock_guard<std::mutex> lock(mutex);
  return held;
}

void upload(void* to, const void* from, int64_t bytes) {
  // From pageable memory the call returns when the source has been read.
  if (bytes > 0) check_cuda(cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, stream()), "upload");
}

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

}  // namespace selvage::cuda

// Pinned memory that host lists pass through. From other memory the driver may wait for the stream before it copies.
// One half is filled while copies out of the other may still be running. What is larger than a half passes in parts.
// Never freed: when the process ends, the driver may be gone first.
#pragma once

#include <algorithm>
#include <cstring>

#include "device/memory.h"

namespace selvage::cuda {

class Staging {
 public:
  void copy(void* to, const void* from, int64_t bytes) {
    for (int64_t done = 0; done < bytes; done += kHalf) {
      copy_part(static_cast<char*>(to) + done, static_cast<const char*>(from) + done, std::min(kHalf, bytes - done));
    }
  }

 private:
  static constexpr int64_t kHalf = 4 << 20, kLine = 256;

  struct Half {
    char* memory = nullptr;
    cudaEvent_t copied = nullptr;
  };

  void copy_part(char* to, const char* from, int64_t bytes) {
    if (halves_[1].memory == nullptr) make();
    if (used_ + bytes > kHalf) {
      check_cuda(cudaEventRecord(halves_[filling_].copied, stream()), "upload");
      filling_ = 1 - filling_;
      used_ = 0;
      check_cuda(cudaEventSynchronize(halves_[filling_].copied), "upload");
    }
    char* const staged = halves_[filling_].memory + used_;
    used_ += (bytes + kLine - 1) / kLine * kLine;
    std::memcpy(staged, from, bytes);
    check_cuda(cudaMemcpyAsync(to, staged, bytes, cudaMemcpyHostToDevice, stream()), "upload");
  }

  void make() {
    for (Half& half : halves_) {
      half.copied = new_event();
      void* memory = nullptr;
      check_cuda(cudaMallocHost(&memory, kHalf), "upload");
      half.memory = static_cast<char*>(memory);
    }
  }

  Half halves_[2];
  int filling_ = 0;
  int64_t used_ = 0;  // of the half that is being filled
};

}  // namespace selvage::cuda

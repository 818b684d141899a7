// Named ranges for a profiler, through NVTX 3, NVIDIA's interface for them: a profiler such as Nsight Systems names a
// library in NVTX_INJECTION64_PATH. Without one, a range costs a branch.
#pragma once

#include "selvage.h"

namespace selvage {

class Range {
 public:
  explicit Range(const char* name) : open_(profiled()) {
    if (open_) begin_range(name);
  }
  ~Range() {
    if (open_) end_range();
  }
  Range(const Range&) = delete;
  Range& operator=(const Range&) = delete;

 private:
  const bool open_;
};

}  // namespace selvage

// Threads, and what the library is and runs on.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "check.h"
#include "cpu/common/thread_pool.h"
#include "cpu/simd/kernels.h"
#include "elements.h"
#include "selvage.h"

namespace selvage {

void set_threads(int count) {
  check(count >= 1, "set_threads", "count needs to be at least 1, is " + std::to_string(count));
  cpu::set_pool_threads(count);
}

int threads() { return cpu::pool_threads(); }

void prepare_opencv() {
  setenv("OPENCV_LOG_LEVEL", "SILENT", 0);  // a user's own choice stays
  setenv("OPENBLAS_NUM_THREADS", "1", 0);   // else as many as there are processors, with a buffer each
  static std::FILE* const nowhere = std::fopen("/dev/null", "w");
  if (nowhere != nullptr) stderr = nowhere;  // glibc's is a variable, which libjpeg and libpng read at each line
}

const char* cpu_features() {
  static const std::string text = [] {
    std::string found;
    const auto name = [&found](bool has, const char* feature) {
      if (has) found += (found.empty() ? "" : " ") + std::string(feature);
    };
    name(__builtin_cpu_supports("avx2"), "avx2");
    name(__builtin_cpu_supports("fma"), "fma");
    name(__builtin_cpu_supports("avx512f"), "avx512f");
    name(__builtin_cpu_supports("avx512vnni"), "avx512vnni");
    name(__builtin_cpu_supports("avx512bf16"), "avx512bf16");
    return found.empty() ? std::string("none beyond x86-64") : found;
  }();
  return text.c_str();
}

const char* library_versions() {
  static const std::string text =
      std::string("kernels for ") + cpu::float_kernels().instructions + (has_bf16_instructions() ? " and bf16" : "");
  return text.c_str();
}

}  // namespace selvage

// Threads, and what the library is and runs on.
#include <omp.h>
#include <oneapi/dnnl/dnnl.h>

#include <string>

#include "check.h"
#include "selvage.h"

namespace selvage {

void set_threads(int count) {
  check(count >= 1, "set_threads", "count needs to be at least 1, is " + std::to_string(count));
  omp_set_num_threads(count);
}

int threads() { return omp_get_max_threads(); }

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
  static const std::string text = [] {
    const dnnl_version_t* v = dnnl_version();
    return "oneDNN " + std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch);
  }();
  return text.c_str();
}

}  // namespace selvage

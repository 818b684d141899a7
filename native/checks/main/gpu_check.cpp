// gpu_check CUDA_LIBRARY DEVICE [--cases-only]: the table of native/test on a GPU, then the times of a training step's
// ops, without a JVM. scripts/gpu-check.sh builds and starts it. Exit code 0 if every kernel passed, 1 if one failed,
// 2 if the GPU cannot be used.
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "checks.h"
#include "selvage.h"

namespace {

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, at);) parts.push_back(part);
  return parts;
}

// Prints a line a kernel as it is known; the number of kernels that failed.
int check_kernels(int* kernels) {
  int failed = 0;
  for (const std::string& kernel : split(selvage_checks_open(nullptr), '\n')) {
    const std::vector<std::string> found = split(selvage_checks_run(kernel.c_str()), '\t');
    const bool pass = found[1] == "0";
    std::printf("%-28s %4s cases  worst error %s  limit %s  %s\n", kernel.c_str(), found[0].c_str(), found[2].c_str(),
                found[3].c_str(), pass ? "pass" : ("FAIL: " + found[4]).c_str());
    std::fflush(stdout);
    failed += pass ? 0 : 1;
    ++*kernels;
  }
  return failed;
}

void time_kernels(int type, const char* name) {
  const std::vector<std::string> rows = split(selvage::open_bench("", 8, 832, 1344, type), '\n');
  const std::vector<std::string> device = split(selvage::run_bench(-1), '\t');
  std::printf("\n%s maps on %s: roofline of %s TFLOP/s (%s) and %s GB/s (a copy)\n", name, device[3].c_str(),
              device[0].c_str(), device[2].c_str(), device[1].c_str());
  std::printf("%-72s %10s %9s %8s %9s\n", "8 images of 832 x 1344", "us", "TFLOP/s", "GB/s", "roofline");
  for (size_t i = 0; i < rows.size(); ++i) {
    const std::vector<std::string> found = split(selvage::run_bench(static_cast<int>(i)), '\t');
    std::printf("%-72s %10s %9s %8s %8s%%\n", rows[i].c_str(), found[0].c_str(), found[1].c_str(), found[2].c_str(),
                found[3].c_str());
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: gpu_check CUDA_LIBRARY DEVICE [--cases-only]\n";
    return 2;
  }
  const std::string device = argv[2];
  try {
    selvage::select_device(device.c_str(), argv[1]);
  } catch (const std::exception& e) {
    std::cerr << "gpu-check: " << e.what() << "\n";
    return 2;
  }
  try {
    int kernels = 0;
    const int failed = check_kernels(&kernels);
    if (argc < 4 || std::strcmp(argv[3], "--cases-only") != 0) {
      selvage::select_device(device.c_str(), argv[1]);  // its own memory, not the cases'
      const char* names[] = {"f32", "bf16"};
      for (int type : {0, 1}) {
        if (selvage::has_type(type)) time_kernels(type, names[type]);
      }
    }
    std::printf("\n%d of %d kernels pass on %s\n", kernels - failed, kernels, device.c_str());
    return failed == 0 ? 0 : 1;
  } catch (const std::exception& e) {
    std::cerr << "gpu-check: " << e.what() << "\n";
    return 1;
  }
}

// gpu_check CUDA_LIBRARY DEVICE [--cases-only]: the table of native/test on a GPU, then the times of a training step's
// ops, without a JVM. scripts/gpu-check.sh builds and starts it. Exit code 0 if every kernel passed, 1 if one failed,
// 2 if the GPU cannot be used.
//
// gpu_check --roofline: the least times of these ops by data sheets, without a GPU. For scripts/kernel-report.sh.
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
  std::printf("%-72s %10s %9s %8s %9s %10s %8s\n", "8 images of 832 x 1344", "us", "TFLOP/s", "GB/s", "roofline",
              "cuDNN us", "of ours");
  for (size_t i = 0; i < rows.size(); ++i) {
    const std::vector<std::string> found = split(selvage::run_bench(static_cast<int>(i)), '\t');
    std::printf("%-72s %10s %9s %8s %8s%% %10s %8s\n", rows[i].c_str(), found[0].c_str(), found[1].c_str(),
                found[2].c_str(), found[3].c_str(), found[4].c_str(), found[5].c_str());
    std::fflush(stdout);
  }
}

void print_roofline(int images, int height, int width) {
  const char* line = "%-72s %6s %9s %8s %9s %9s\n";
  const std::string step = std::to_string(images) + " images of " + std::to_string(height) + " x " +
                           std::to_string(width) + ", bf16: at the least";
  std::printf(line, step.c_str(), "calls", "GFLOP", "MB", "A100, us", "H100, us");
  double gflop = 0, mb = 0, a100 = 0, h100 = 0;
  for (const std::string& row : split(selvage_checks_roofline(images, height, width), '\n')) {
    const std::vector<std::string> of = split(row, '\t');
    std::printf(line, of[0].c_str(), of[1].c_str(), of[2].c_str(), of[3].c_str(), of[4].c_str(), of[5].c_str());
    const double calls = std::stod(of[1]);
    gflop += calls * std::stod(of[2]);
    mb += calls * std::stod(of[3]);
    a100 += calls * std::stod(of[4]);
    h100 += calls * std::stod(of[5]);
  }
  std::printf("together %.1f TFLOP and %.1f GB: %.1f ms on an A100, %.1f ms on an H100\n", gflop / 1e3, mb / 1e3,
              a100 / 1e3, h100 / 1e3);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--roofline") == 0) {
    print_roofline(8, 800, 1344);
    return 0;
  }
  if (argc < 3) {
    std::cerr << "usage: gpu_check CUDA_LIBRARY DEVICE [--cases-only], or gpu_check --roofline\n";
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
    const std::string no_cudnn = selvage::open_cudnn("libcudnn.so.9");
    if (!no_cudnn.empty()) std::printf("no convolution is checked or timed by cuDNN: %s\n\n", no_cudnn.c_str());
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

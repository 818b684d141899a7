// gpu_check CUDA_LIBRARY DEVICE [--cases-only]: the table of native/test on a GPU, then the times of a training step's
// ops, without a JVM. scripts/gpu-check.sh builds and starts it. Exit code 0 if every case passed, 1 if one failed,
// 2 if the GPU cannot be used.
//
// gpu_check --roofline: the least times of these ops by data sheets, without a GPU. For scripts/kernel-report.sh.
#include <cmath>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <string>

#include "checks.h"
#include "selvage.h"

namespace {

// Prints one line for each group of cases as soon as it has run. Returns how many groups failed.
int check_groups(int groups) {
  int failed = 0;
  for (int group = 0; group < groups; ++group) {
    const selvage::CheckResult& found = *selvage_checks_run(group);
    const std::string verdict = found.failed == 0 ? "pass" : std::string("FAIL: ") + found.worst_case;
    std::printf("%-28s %4d cases  worst error %.2e  limit %.2e  %s\n", selvage_checks_name(group), found.cases,
                found.error, found.limit, verdict.c_str());
    std::fflush(stdout);
    failed += found.failed == 0 ? 0 : 1;
  }
  return failed;
}

void time_kernels(int type, const char* name) {
  const int rows = selvage::open_bench("", 8, 832, 1344, type);
  const selvage::BenchDevice& device = *selvage::bench_device();
  std::printf("\n%s maps on %s: roofline of %.3f TFLOP/s (%s) and %.1f GB/s (a copy)\n", name, device.name,
              device.flops / 1e12, device.flops_source, device.bytes / 1e9);
  std::printf("%-72s %10s %9s %8s %9s %10s %8s\n", "8 images of 832 x 1344", "us", "TFLOP/s", "GB/s", "roofline",
              "cuDNN us", "of builtin");
  for (int row = 0; row < rows; ++row) {
    const selvage::BenchResult& found = *selvage::run_bench(row);
    std::printf("%-72s %10.1f %9.3f %8.1f %8.1f%%", selvage::bench_name(row), found.seconds * 1e6,
                found.flops / found.seconds / 1e12, found.bytes / found.seconds / 1e9,
                100 * found.roofline_seconds / found.seconds);
    if (std::isnan(found.cudnn_seconds)) {
      std::printf(" %10s %8s\n", "-", "-");
    } else {
      std::printf(" %10.1f %8.2f\n", found.cudnn_seconds * 1e6, found.cudnn_seconds / found.seconds);
    }
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--roofline") == 0) {
    selvage_checks_print_roofline(8, 800, 1344);
    return 0;
  }
  if (argc < 3) {
    std::cerr << "usage: gpu_check CUDA_LIBRARY DEVICE [--cases-only], or gpu_check --roofline\n";
    return 2;
  }
  if (selvage_checks_version != selvage::checks_version()) {
    std::cerr << "gpu-check: libselvage_checks.so must come from the same build as gpu_check\n";
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
    const int groups = selvage_checks_open(nullptr), failed = check_groups(groups);
    if (argc < 4 || std::strcmp(argv[3], "--cases-only") != 0) {
      selvage::select_device(device.c_str(), argv[1]);  // its own memory, not the cases'
      const char* names[] = {"f32", "bf16"};
      for (int type : {0, 1}) {
        if (selvage::has_type(type)) time_kernels(type, names[type]);
      }
    }
    std::printf("\n%d of %d groups of cases pass on %s\n", groups - failed, groups, device.c_str());
    return failed == 0 ? 0 : 1;
  } catch (const std::exception& e) {
    std::cerr << "gpu-check: " << e.what() << "\n";
    return 1;
  }
}

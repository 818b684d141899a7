#include <cstdio>

#include "bench/bench.h"
#include "checks.h"

void selvage_checks_print_roofline(int images, int height, int width) {
  using namespace selvage::bench;
  const DataSheet &a100 = *data_sheet("A100"), &h100 = *data_sheet("H100");
  const auto micros = [](const Row& row, const DataSheet& gpu) {
    return 1e6 * roofline_seconds(row, gpu.half * 1e12, gpu.bandwidth * 1e9);
  };
  char title[80];
  std::snprintf(title, sizeof title, "%d images of %d x %d, bf16: at the least", images, height, width);
  std::printf("%-72s %6s %9s %8s %9s %9s\n", title, "calls", "GFLOP", "MB", "A100, us", "H100, us");
  double gflop = 0, mb = 0, a100_us = 0, h100_us = 0;
  for (const Row& row : rows_of({images, height, width, selvage::Type::bf16})) {
    std::printf("%-72s %6d %9.2f %8.1f %9.1f %9.1f\n", row.name.c_str(), row.calls, row.flops / 1e9, row.bytes / 1e6,
                micros(row, a100), micros(row, h100));
    gflop += row.calls * row.flops / 1e9;
    mb += row.calls * row.bytes / 1e6;
    a100_us += row.calls * micros(row, a100);
    h100_us += row.calls * micros(row, h100);
  }
  std::printf("together %.1f TFLOP and %.1f GB: %.1f ms on an A100, %.1f ms on an H100\n", gflop / 1e3, mb / 1e3,
              a100_us / 1e3, h100_us / 1e3);
}

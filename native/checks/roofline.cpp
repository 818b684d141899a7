#include <cstdio>
#include <string>

#include "bench/bench.h"
#include "checks.h"

const char* selvage_checks_roofline(int images, int height, int width) {
  using namespace selvage::bench;
  static std::string text;
  text.clear();
  for (const Row& row : rows_of({images, height, width, selvage::Type::bf16})) {
    char numbers[96];
    int end = std::snprintf(numbers, sizeof numbers, "\t%d\t%.2f\t%.1f", row.calls, row.flops / 1e9, row.bytes / 1e6);
    for (const char* gpu : {"A100", "H100"}) {
      const DataSheet& sheet = *data_sheet(gpu);
      end += std::snprintf(numbers + end, sizeof numbers - end, "\t%.1f",
                           1e6 * roofline_seconds(row, sheet.half * 1e12, sheet.bandwidth * 1e9));
    }
    text += row.name + numbers + "\n";
  }
  return text.c_str();
}

#include "cpu/common/convert.h"

#include <cstring>

#include "cpu/common/parallel.h"
#include "tensor.h"

namespace selvage::cpu {

void convert(void* to, Type to_type, const void* from, Type from_type, int64_t count) {
  char* target = static_cast<char*>(to);
  const char* source = static_cast<const char*>(from);
  const int64_t to_size = bytes_of(to_type), from_size = bytes_of(from_type);
  parallel_for(count, kGrain, [=](int64_t begin, int64_t end) {
    constexpr int64_t kStretch = 1024;
    float values[kStretch];
    for (int64_t i = begin; i < end; i += kStretch) {
      const int64_t n = std::min(kStretch, end - i);
      to_floats(values, source + i * from_size, from_type, n);
      from_floats(target + i * to_size, to_type, values, n);
    }
  });
}

}  // namespace selvage::cpu

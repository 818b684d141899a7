// The count behind executed_flops().
#pragma once

#include <cstdint>

namespace selvage {

void count_flops(int64_t flops);

}  // namespace selvage

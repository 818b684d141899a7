// Memory that runs out when a test asks for it.
#pragma once

#include <cstdint>

namespace selvage::test {

// The n-th allocation of this process from now on fails, once: by `new`, or of a tensor's memory. 0 for none.
void fail_allocation(int64_t n);
// Whether it came to that.
bool allocation_failed();

}  // namespace selvage::test

// Photos that cross the bus ahead of their step, on the copy stream, while the step before computes.
#pragma once

#include <cstdint>

namespace selvage::cuda {

// The device's copy of what prefetch_images was given last, if that is what lies at `from`, else null; either way what
// is prefetched counts as used. The compute stream waits for it.
const uint8_t* begin_prefetched(const uint8_t* from, int64_t bytes);
// To be called when the kernels that read it are on the compute stream.
void end_prefetched();

}  // namespace selvage::cuda

// Copies the next step's photos to the device on the copy stream, while the present step computes.
#pragma once

#include <cstdint>

namespace selvage::cuda {

// The device's copy of the bytes at `from` if prefetch_images was given that address last, else null. Either way the
// prefetched bytes count as used. The compute stream waits for the copy.
const uint8_t* begin_prefetched(const uint8_t* from, int64_t bytes);
// To be called when the kernels that read the copy are on the compute stream.
void end_prefetched();

}  // namespace selvage::cuda

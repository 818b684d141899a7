// A device in the place of the CPU: tensors in main memory, each op computed on the device. So the cases of
// native/test, which look into tensors, run on a GPU as they stand.
#pragma once

#include "backend.h"

namespace selvage::checks {

// Its ops copy their tensors to the device, call the device's op, and copy back what it may write.
const Backend& on_device(const Backend& device);

}  // namespace selvage::checks

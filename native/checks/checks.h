// The table of native/test on a device, in groups of one operation each. libselvage.so loads these functions for
// `doctor`, and gpu_check links them.
#pragma once

#include <cstdint>

#include "abi.h"

namespace selvage {

// As table_version(): two libraries with different numbers must not call each other.
inline uint64_t checks_version() { return table_version() + sizeof(CheckResult); }

}  // namespace selvage

extern "C" {
SELVAGE_API extern const uint64_t selvage_checks_version;  // checks_version() when the library was built
// Makes the table for a device, or for null the one that select_device of this library selected. The number of groups.
SELVAGE_API int selvage_checks_open(const selvage::Backend* device);
SELVAGE_API const char* selvage_checks_name(int group);
SELVAGE_API const selvage::CheckResult* selvage_checks_run(int group);  // lives until the next call
// Prints the ops of a training step with bf16 maps: calls, work and bytes of one call, and its least time by the data
// sheets of A100 and H100.
SELVAGE_API void selvage_checks_print_roofline(int images, int height, int width);
}

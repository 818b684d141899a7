// The table of native/test on a device, kernel by kernel: what libselvage_checks.so gives away to `doctor`, and
// gpu_check prints.
#pragma once

#include "backend.h"

extern "C" {
// Makes the table for a device, or for null the one that select_device of this library selected. The kernels' names, a
// line each, in the order to run them; the text lives until the next call.
SELVAGE_API const char* selvage_checks_open(const selvage::Backend* device);
// Runs a kernel's cases: "CASES\tFAILED\tERROR\tLIMIT\tCASE", the last three of the case that comes closest to its
// limit or goes furthest beyond.
SELVAGE_API const char* selvage_checks_run(const char* kernel);
}

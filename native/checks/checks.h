// The table of native/test on a device, kernel by kernel: what libselvage_checks.so gives away to `doctor`, and
// gpu_check prints; and the least times of a training step, which need no device.
#pragma once

#include "backend.h"

extern "C" {
// Makes the table for a device, or for null the one that select_device of this library selected. The kernels' names, a
// line each, in the order to run them; the text lives until the next call.
SELVAGE_API const char* selvage_checks_open(const selvage::Backend* device);
// Runs a kernel's cases: "CASES\tFAILED\tERROR\tLIMIT\tCASE", the last three of the case that comes closest to its
// limit or goes furthest beyond.
SELVAGE_API const char* selvage_checks_run(const char* kernel);
// The ops of a training step with bf16 maps, a line each: "OP AND SHAPES\tCALLS\tGFLOP\tMB\tA100\tH100", work and bytes
// of one call and the least microseconds of it by the data sheets of the two GPUs.
SELVAGE_API const char* selvage_checks_roofline(int images, int height, int width);
}

// Includes the whole shim: with it our kernels, unchanged, compile with a C++ compiler and run on the CPU, for tests.
#pragma once

#include "atomics.h"
#include "launch.h"
#include "ptx.h"
#include "races.h"
#include "runtime.h"
#include "shared_memory.h"
#include "types.h"
#include "warp.h"

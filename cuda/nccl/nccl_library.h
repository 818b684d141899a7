// Loads NCCL, which the user installs.
#pragma once

#include <string>

#include "nccl/nccl_api.h"

namespace selvage::cuda {

// Its functions by their names without "nccl".
struct Nccl {
#define SELVAGE_MEMBER(name) decltype(&::nccl##name) name;
  SELVAGE_NCCL(SELVAGE_MEMBER)
#undef SELVAGE_MEMBER
};

// Loads it from a path, or by a name such as libnccl.so.2, for the life of the process: empty, or why it cannot be
// used, with the package that brings it. Once it is loaded another call does nothing.
std::string open_nccl(const std::string& library);

const Nccl& nccl();          // once it is loaded
std::string nccl_version();  // such as 2.29.3

// Throws CudaError `function: NCCL says ...` unless result is success.
void check_nccl(int result, const char* function);

}  // namespace selvage::cuda

// Loads cuDNN, which the user installs.
#pragma once

#include <string>

#include "cudnn/cudnn_api.h"

namespace selvage::cuda {

// Its functions by their names without "cudnn", and what they work with.
struct Cudnn {
#define SELVAGE_MEMBER(name) decltype(&::cudnn##name) name;
  SELVAGE_CUDNN(SELVAGE_MEMBER)
#undef SELVAGE_MEMBER
  cudnnHandle_t handle;
};

// Loads it from a path, or by a name such as libcudnn.so.9, for the life of the process: empty, or why it cannot be
// used, with the package that brings it. Once it is loaded another call does nothing.
std::string open_cudnn(const std::string& library);

bool has_cudnn();
const Cudnn& cudnn();          // once it is loaded
cudnnHandle_t cudnn_handle();  // on stream()

// cuDNN has no such product.
class CudnnLacks : public CudaError {
  using CudaError::CudaError;
};

// Throws CudaError `function: cuDNN says ...`, or CudnnLacks, unless status is success.
void check_cudnn(int status, const char* function);

}  // namespace selvage::cuda

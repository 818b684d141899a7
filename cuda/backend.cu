// The table of the GPU's functions, which libselvage_cuda.so gives away, and the opening of a device.
#include <string>

#include "backend.h"
#include "math.h"
#include "memory.h"
#include "ops.h"

namespace selvage::cuda {
namespace {

bool has_tensor_cores_for_all = true;  // bf16 and tf32 need sm_80

bool set_precision(Precision precision) {
  if (!has_tensor_cores_for_all && (precision == Precision::bf16 || precision == Precision::tf32)) return false;
  set_float_precision(precision);
  return true;
}

bool has_type(Type type) { return type == Type::f32; }

#define SELVAGE_ENTRY(op) cuda::op,
Backend table = {
    "cuda", allocate, release, held_bytes, upload, download, set_precision, has_type, SELVAGE_OPS(SELVAGE_ENTRY)};
#undef SELVAGE_ENTRY

int opened = -1;  // the device; a process uses one
std::string opened_name;

std::string name_of(int device) { return "cuda:" + std::to_string(device); }

[[noreturn]] void refuse(int device, const std::string& why) {
  throw CudaError(name_of(device) + " cannot be used: " + why);
}

int attribute(cudaDeviceAttr which, int device) {
  int value = 0;
  check_cuda(cudaDeviceGetAttribute(&value, which, device), "cudaDeviceGetAttribute");
  return value;
}

void open(int device) {
  if (opened >= 0) refuse(device, "this process already uses " + name_of(opened));
  int count = 0;
  const cudaError_t error = cudaGetDeviceCount(&count);
  if (error == cudaErrorInsufficientDriver)
    refuse(device, "the NVIDIA driver is missing, or older than this build's CUDA");
  if (error == cudaErrorNoDevice) refuse(device, "the NVIDIA driver sees no GPU");
  check_cuda(error, "cudaGetDeviceCount");
  if (device >= count) {
    refuse(device,
           "of GPUs, counted from 0, there " + std::string(count == 1 ? "is " : "are ") + std::to_string(count));
  }
  const int major = attribute(cudaDevAttrComputeCapabilityMajor, device);
  const int minor = attribute(cudaDevAttrComputeCapabilityMinor, device);
  if (major * 10 + minor < 75) {
    refuse(device, "its compute capability is " + std::to_string(major) + "." + std::to_string(minor) +
                       ", the kernels need 7.5 (Turing) or newer");
  }
  has_tensor_cores_for_all = major >= 8;
  check_cuda(cudaSetDevice(device), "cudaSetDevice");
  opened_name = name_of(device);
  table.name = opened_name.c_str();
  opened = device;
}

}  // namespace
}  // namespace selvage::cuda

extern "C" SELVAGE_API const selvage::Backend* selvage_cuda_backend(int device);
const selvage::Backend* selvage_cuda_backend(int device) {
  if (device != selvage::cuda::opened) selvage::cuda::open(device);
  return &selvage::cuda::table;
}

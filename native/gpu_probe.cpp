// Asks NVIDIA's driver alone what GPUs there are: a millisecond where there is none, and no CUDA library needed.
#include <dlfcn.h>

#include <string>

#include "selvage.h"

namespace selvage {
namespace {

constexpr int kOldest = 75;              // compute capability times 10 (Turing)
constexpr int kMajor = 75, kMinor = 76;  // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, _MINOR

template <typename Function>
bool find(void* driver, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(dlsym(driver, name));
  return function != nullptr;
}

std::string probe() {
  void* driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);  // never closed: it keeps threads
  if (driver == nullptr) return "no NVIDIA driver is installed (libcuda.so.1 is not found)";
  int (*init)(unsigned);
  int (*count_devices)(int*);
  int (*attribute)(int*, int, int);
  if (!find(driver, "cuInit", init) || !find(driver, "cuDeviceGetCount", count_devices) ||
      !find(driver, "cuDeviceGetAttribute", attribute)) {
    return "libcuda.so.1 is not a driver";
  }
  int count = 0;
  const int error = init(0);
  if (error == 0 && count_devices(&count) != 0) count = 0;
  if (count == 0) return "the NVIDIA driver sees no GPU" + (error == 0 ? "" : " (error " + std::to_string(error) + ")");
  int major = 0, minor = 0;
  attribute(&major, kMajor, 0);
  attribute(&minor, kMinor, 0);
  if (major * 10 + minor >= kOldest) return "";
  return "the first GPU's compute capability is " + std::to_string(major) + "." + std::to_string(minor) +
         ", the kernels need 7.5 (Turing) or newer";
}

}  // namespace

const char* why_no_gpu() {
  static const std::string reason = probe();
  return reason.c_str();
}

}  // namespace selvage

#include <dlfcn.h>

#include "cudnn/cudnn_library.h"

namespace selvage::cuda {
namespace {

constexpr int kMajor = 9;
#ifdef CUDART_VERSION
constexpr int kCudaMajor = CUDART_VERSION / 1000;
#else
constexpr int kCudaMajor = 13;
#endif

Cudnn loaded;  // its handle is null until it is

std::string package() {
  return "; install it with `apt-get install libcudnn" + std::to_string(kMajor) + "-cuda-" +
         std::to_string(kCudaMajor) + "` from NVIDIA's packages for Debian and Ubuntu";
}

// 91900 is 9.19.0, and before cuDNN 9 8907 was 8.9.7.
std::string version_text(size_t version) {
  const size_t unit = version >= 90000 ? 100 : 10, major = unit * 100;
  return std::to_string(version / major) + "." + std::to_string(version % major / 100) + "." +
         std::to_string(version % 100);
}
size_t major_of(size_t version) { return version >= 90000 ? version / 10000 : version / 1000; }

template <typename Function>
bool find(void* library, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(dlsym(library, name));
  return function != nullptr;
}

}  // namespace

bool has_cudnn() { return loaded.handle != nullptr; }
const Cudnn& cudnn() { return loaded; }

cudnnHandle_t cudnn_handle() {
  stream();  // has started all that was called before
  return loaded.handle;
}

std::string open_cudnn(const std::string& library) {
  if (has_cudnn()) return "";
  void* file = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);  // never closed: it keeps threads
  const std::string why = file == nullptr ? dlerror() : "";
  // An older one is worth naming.
  if (file == nullptr) file = dlopen("libcudnn.so.8", RTLD_NOW | RTLD_LOCAL);
  if (file == nullptr) return "cuDNN 9 is missing (" + why + ")" + package();
  Cudnn found{};
  if (!find(file, "cudnnGetVersion", found.GetVersion)) return library + " is not cuDNN" + package();
  const size_t version = found.GetVersion();
  if (major_of(version) != kMajor) return "expected cuDNN 9, found cuDNN " + version_text(version) + package();
#define SELVAGE_FIND(name)                                                                \
  if (!find(file, "cudnn" #name, found.name)) {                                           \
    return "cuDNN " + version_text(version) + " has no function cudnn" #name + package(); \
  }
  SELVAGE_CUDNN(SELVAGE_FIND)
#undef SELVAGE_FIND
  int status = found.Create(&found.handle);
  if (status == CUDNN_STATUS_SUCCESS) status = found.SetStream(found.handle, stream());
  if (status != CUDNN_STATUS_SUCCESS) {
    return "cuDNN " + version_text(version) + " cannot be used on this GPU: it says " + found.GetErrorString(status) +
           " (" + std::to_string(status) + ")";
  }
  loaded = found;
  return "";
}

void check_cudnn(int status, const char* function) {
  if (status == CUDNN_STATUS_SUCCESS) return;
  const std::string text =
      std::string(function) + ": cuDNN says " + loaded.GetErrorString(status) + " (" + std::to_string(status) + ")";
  if (status >= CUDNN_STATUS_NOT_SUPPORTED && status < CUDNN_STATUS_INTERNAL_ERROR) throw CudnnLacks(text);
  throw CudaError(text);
}

}  // namespace selvage::cuda

#include <dlfcn.h>

#include "nccl/nccl_library.h"

namespace selvage::cuda {
namespace {

constexpr int kOldest = 2700;  // has ncclSend

Nccl loaded;
int version = 0;  // 0 until it is loaded

const char kPackage[] = "; install it with `apt-get install libnccl2` from NVIDIA's packages for Debian and Ubuntu";

// 22903 is 2.29.3, and before 2.9 2708 was 2.7.8.
std::string version_text(int code) {
  const int major = code >= 10000 ? 10000 : 1000;
  return std::to_string(code / major) + "." + std::to_string(code % major / 100) + "." + std::to_string(code % 100);
}

template <typename Function>
bool find(void* library, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(dlsym(library, name));
  return function != nullptr;
}

}  // namespace

const Nccl& nccl() { return loaded; }
std::string nccl_version() { return version_text(version); }

std::string open_nccl(const std::string& library) {
  if (version != 0) return "";
  void* file = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);  // never closed: it keeps threads
  if (file == nullptr) return std::string("NCCL 2 is missing (") + dlerror() + ")" + kPackage;
  Nccl found{};
  if (!find(file, "ncclGetVersion", found.GetVersion)) return library + " is not NCCL" + kPackage;
  int code = 0;
  if (found.GetVersion(&code) != ncclSuccess || code < kOldest) {
    return "expected NCCL " + version_text(kOldest) + " or newer, found NCCL " + version_text(code) + kPackage;
  }
#define SELVAGE_FIND(name)                                                          \
  if (!find(file, "nccl" #name, found.name)) {                                      \
    return "NCCL " + version_text(code) + " has no function nccl" #name + kPackage; \
  }
  SELVAGE_NCCL(SELVAGE_FIND)
#undef SELVAGE_FIND
  loaded = found;
  version = code;
  return "";
}

void check_nccl(int result, const char* function) {
  if (result == ncclSuccess || result == ncclInProgress) return;
  throw CudaError(std::string(function) + ": NCCL says " + loaded.GetErrorString(result) + " (" +
                  std::to_string(result) + "); NCCL_DEBUG=WARN in the environment makes it say more");
}

}  // namespace selvage::cuda

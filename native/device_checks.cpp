// The way to libselvage_checks.so, which is loaded for `doctor` on a GPU and for nothing else.
#include <dlfcn.h>

#include <string>

#include "backend.h"
#include "check.h"

namespace selvage {
namespace {

const char* (*open_table)(const Backend*) = nullptr;
const char* (*run_kernel)(const char*) = nullptr;

}  // namespace

const char* open_checks(const char* checks_library) {
  void* handle = dlopen(checks_library, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) fail("open_checks", dlerror());
  open_table = reinterpret_cast<decltype(open_table)>(dlsym(handle, "selvage_checks_open"));
  run_kernel = reinterpret_cast<decltype(run_kernel)>(dlsym(handle, "selvage_checks_run"));
  check(open_table != nullptr && run_kernel != nullptr, "open_checks",
        std::string(checks_library) + " needs selvage_checks_open and selvage_checks_run, lacks one");
  return open_table(&backend());
}

const char* run_check(const char* kernel) {
  check(run_kernel != nullptr, "run_check", "open_checks needs to be called first");
  return run_kernel(kernel);
}

}  // namespace selvage

#include "profiler.h"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "selvage.h"

namespace selvage {
namespace {

// ---- what NVTX 3 and the library that a profiler names expect of each other -----------------------------------------

using Function = void (*)();

constexpr int kCore = 1, kModules = 6;            // groups of functions; the first has those without domains
constexpr int kPushA = 9, kPop = 11;              // nvtxRangePushA and nvtxRangePop in it
constexpr unsigned kFunctions = 32;               // more than any module has
constexpr uint32_t kCallbacks = 1, kVersion = 3;  // what can be asked for

Function push = nullptr, pop = nullptr;

// The profiler's library writes its functions to where the table points. Those that nothing here calls go to one place
// that is never read.
int functions_of(int module, Function*** table, unsigned* size) {
  static Function* of_core[kFunctions];
  static Function* of_others[kFunctions];
  static Function unused;
  if (module < kCore || module > kModules) return 0;
  for (auto* functions : {of_core, of_others}) std::fill(functions, functions + kFunctions, &unused);
  of_core[kPushA] = &push;
  of_core[kPop] = &pop;
  if (table != nullptr) *table = module == kCore ? of_core : of_others;
  if (size != nullptr) *size = kFunctions;
  return 1;
}

const void* asked_for(uint32_t what) {
  static const struct {
    size_t bytes;
    int (*functions)(int module, Function*** table, unsigned* size);
  } callbacks = {sizeof callbacks, functions_of};
  static const struct {
    size_t bytes;
    uint32_t version, reserved;
    void (*set_version_of_library)(uint32_t version);
  } version = {sizeof version, 3, 0, [](uint32_t) {}};
  if (what == kCallbacks) return &callbacks;
  return what == kVersion ? &version : nullptr;
}

bool find() {
  const char* path = std::getenv("NVTX_INJECTION64_PATH");
  if (path == nullptr || *path == '\0') return false;
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);  // never closed: it may have threads
  void* symbol = library == nullptr ? nullptr : dlsym(library, "InitializeInjectionNvtx2");
  const auto initialize = reinterpret_cast<int (*)(const void* (*)(uint32_t))>(symbol);
  if (initialize != nullptr && initialize(asked_for) != 0 && push != nullptr && pop != nullptr) return true;
  dprintf(STDERR_FILENO,  // C's stderr may be silent, see prepare_opencv()
          "selvage: the profiler gets no names of layers: %s, which NVTX_INJECTION64_PATH names, %s\n", path,
          library == nullptr ? "cannot be loaded" : "takes no ranges");
  return false;
}

}  // namespace

bool profiled() {
  static const bool is = find();
  return is;
}

void begin_range(const char* name) {
  if (profiled()) reinterpret_cast<int (*)(const char*)>(push)(name);
}

void end_range() {
  if (profiled()) reinterpret_cast<int (*)()>(pop)();
}

}  // namespace selvage

#include "backend.h"

#include <dlfcn.h>

#include <algorithm>
#include <string>

#include "abi.h"
#include "check.h"
#include "profiler.h"

namespace selvage {
namespace {

const Backend* selected = &cpu::kBackend;

// "cuda" or "cuda:N", N a device number
int device_number(const std::string& device) {
  if (device == "cuda") return 0;
  const std::string digits = device.rfind("cuda:", 0) == 0 ? device.substr(5) : "";
  check(!digits.empty() && digits.size() < 4 && digits.find_first_not_of("0123456789") == std::string::npos,
        "select_device", "device needs cpu, cuda or cuda:N, is " + device);
  return std::stoi(digits);
}

// ---- the GPU's, in another library ----------------------------------------------------------------------------------

const CudaLibrary* cuda_library = nullptr;

#define SELVAGE_INDEX(function) k_##function,
enum Index { SELVAGE_FUNCTIONS(SELVAGE_INDEX) };
#undef SELVAGE_INDEX
#define SELVAGE_NAME(function) #function,
constexpr const char* kNames[] = {SELVAGE_FUNCTIONS(SELVAGE_NAME)};
#undef SELVAGE_NAME

template <Index index, auto function>
struct Imported;
template <Index index, typename Result, typename... Arguments,
          const AbiError* (*FunctionTable<AbiCall>::*function)(Result*, Arguments...)>
struct Imported<index, function> {
  static Result call(Arguments... arguments) {
    const Range range(kNames[index]);
    return call_abi(cuda_library->table.*function, arguments...);
  }
};

#define SELVAGE_ENTRY(function) Imported<k_##function, &FunctionTable<AbiCall>::function>::call,
Backend cuda = {"", "", SELVAGE_FUNCTIONS(SELVAGE_ENTRY)};
#undef SELVAGE_ENTRY

const CudaLibrary* load(const std::string& library) {
  void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);  // never closed: its tables and threads stay in use
  if (handle == nullptr) unsupported("select_device", std::string("the CUDA backend is missing: ") + dlerror());
  const auto* loaded = static_cast<const CudaLibrary*>(dlsym(handle, "selvage_cuda"));
  if (loaded == nullptr || loaded->version != table_version())
    unsupported("select_device", library + " must come from the same build as libselvage.so");
  return loaded;
}

const Backend* open(const std::string& library, int device) {
  cuda_library = load(library);
  call_abi(cuda_library->open, device);
  cuda.name = cuda_library->table.name;
  cuda.hardware = cuda_library->table.hardware;
  return &cuda;
}

}  // namespace

const Backend& backend() { return *selected; }

const Backend& select(const Backend& other) {
  const Backend& before = *selected;
  selected = &other;
  return before;
}

void select_device(const char* device, const char* library) {
  if (std::string(device) == "cpu") {
    selected = &cpu::kBackend;
  } else {
    const int number = device_number(device);
    selected = open(library, number);
  }
}

void select_precision(const char* precision) {
  const std::string names[] = {"f32", "tf32", "bf16", "f16"};
  const auto* found = std::find(names, names + 4, precision);
  check(found != names + 4, "select_precision", std::string("precision needs f32, tf32, bf16 or f16, is ") + precision);
  if (!selected->set_precision(static_cast<Precision>(found - names)))
    unsupported("select_precision", std::string(selected->name) + " has no products in " + precision);
}

const char* open_cudnn(const char* library) { return selected->open_cudnn(library); }

void select_convolutions(const char* engine) {
  const std::string names[] = {"builtin", "cudnn", "auto"};
  const auto* found = std::find(names, names + 3, engine);
  check(found != names + 3, "select_convolutions", std::string("engine needs builtin, cudnn or auto, is ") + engine);
  if (!selected->set_convolutions(static_cast<Convolutions>(found - names)))
    unsupported("select_convolutions",
                std::string(selected->name) + " has no convolutions by " + engine + "; open_cudnn says why");
}

void begin_graph() {
  if (!profiled()) selected->begin_graph();
}
void end_graph() { selected->end_graph(); }

bool has_type(int type) { return type >= 0 && type <= 2 && selected->has_type(static_cast<Type>(type)); }

int image_channels(int type) {
  return selected == &cpu::kBackend ? 3 : static_cast<int>(16 / bytes_of(static_cast<Type>(type)));
}

const char* selected_device() { return selected->name; }

const char* device_hardware() { return selected->hardware; }

}  // namespace selvage

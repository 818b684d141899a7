// The table of the GPU's functions, which libselvage_cuda.so exports, and the function that opens a device.
#include <cstdio>
#include <new>
#include <string>
#include <type_traits>

#include "abi.h"
#include "common/kernel.cuh"
#include "cudnn/convolution_engine.h"
#include "cudnn/cudnn_library.h"
#include "device/launches.h"
#include "device/memory.h"
#include "gemm/precision.h"
#include "hopper/wgmma_gemm.h"
#include "nccl/gradient_exchange.h"
#include "nccl/nccl_library.h"
#include "ops.h"

namespace selvage::cuda {

extern "C" SELVAGE_API CudaLibrary selvage_cuda;

namespace {

bool has_tensor_cores_for_all = true;  // bf16 and tf32 need sm_80

bool set_precision(Precision precision) {
  if (!has_tensor_cores_for_all && (precision == Precision::bf16 || precision == Precision::tf32)) return false;
  set_float_precision(precision);
  return true;
}

bool has_type(Type type) { return type != Type::bf16 || has_tensor_cores_for_all; }

const char* load_cudnn(const char* library) {
  static std::string why;
  why = open_cudnn(library);
  return why.c_str();
}

int opened = -1;  // the device; a process uses one
thread_local int device_of_thread = -1;
std::string opened_name, hardware;

std::string name_of(int device) { return "cuda:" + std::to_string(device); }

std::string mib(size_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f MiB", static_cast<double>(bytes) / (1 << 20));
  return text;
}

[[noreturn]] void no_memory(const std::string& what) {
  size_t free = 0, total = 0;
  const bool known = cudaMemGetInfo(&free, &total) == cudaSuccess;
  throw Error(ErrorKind::out_of_device_memory, opened_name + ": out of memory" + what + ": this process holds " +
                                                   mib(static_cast<size_t>(allocated_bytes())) + " of it" +
                                                   (known ? ", the GPU has " + mib(total) : ""));
}

void* allocate_tensor(int64_t bytes) {
  try {
    return allocate(bytes);
  } catch (const std::bad_alloc&) {
    no_memory(" for a tensor of " + mib(static_cast<size_t>(bytes)));
  }
}

// ---- ranks ----------------------------------------------------------------------------------------------------------

const char* load_nccl(const char* library) {
  static std::string why;
  why = open_nccl(library);
  return why.c_str();
}

const char* device_address() {
  static char address[32];
  check_cuda(cudaDeviceGetPCIBusId(address, sizeof address, opened), "cudaDeviceGetPCIBusId");
  return address;
}

void make_ranks_id(void* id) {
  static_assert(sizeof(ncclUniqueId) == kRanksId);
  check_nccl(nccl().GetUniqueId(static_cast<ncclUniqueId*>(id)), "ncclGetUniqueId");
}

void connect_by_id(const void* id, int rank, int size) {
  connect_ranks(*static_cast<const ncclUniqueId*>(id), rank, size);
}

void exchange_seconds(double* all_and_shown) {
  const ExchangeTimes times = exchange_times();
  all_and_shown[0] = times.seconds;
  all_and_shown[1] = times.shown_seconds;
}

// ---- errors that name op and shapes ---------------------------------------------------------------------------------

template <typename Argument>
std::string shape_of(Argument argument) {
  if constexpr (std::is_convertible_v<Argument, const Tensor*>) {
    if (argument == nullptr) return "";
    std::string text;
    for (int axis = 0; axis < argument->rank(); ++axis)
      text += (axis > 0 ? "," : " [") + std::to_string(argument->dim(axis));
    return text + "]";
  }
  return "";
}

#define SELVAGE_INDEX(op) k_##op,
enum OpIndex { SELVAGE_OPS(SELVAGE_INDEX) };
#undef SELVAGE_INDEX
#define SELVAGE_NAME(op) #op,
constexpr const char* kOpNames[] = {SELVAGE_OPS(SELVAGE_NAME)};
#undef SELVAGE_NAME

// A kernel runs after its call has returned, so its failure may show in a later call.
template <typename Call, typename What>
auto named(Call call, What what) {
  try {
    return call();
  } catch (const CudaError& e) {
    throw CudaError(opened_name + ": " + what() + ": " + e.what() +
                    ", in this or an earlier operation (CUDA_LAUNCH_BLOCKING=1 tells which)");
  } catch (const std::bad_alloc&) {
    no_memory(" in " + what());
  }
}

// Calls an op, and puts its name and the shapes of its arguments before the message of a failure.
template <OpIndex index, auto op>
struct Named;
template <OpIndex index, typename Result, typename... Arguments, Result (*op)(Arguments...)>
struct Named<index, op> {
  static Result call(Arguments... arguments) {
    return named([&] { return op(arguments...); },
                 [&] { return kOpNames[index] + (std::string() + ... + shape_of(arguments)); });
  }
};

void upload_tensor(void* to, const void* from, int64_t bytes) {
  named([&] { upload(to, from, bytes); }, [&] { return "copy of " + std::to_string(bytes) + " bytes to the GPU"; });
}

void download_tensor(void* to, const void* from, int64_t bytes) {
  named([&] { download(to, from, bytes); }, [&] { return "copy of " + std::to_string(bytes) + " bytes from the GPU"; });
}

void end_named() {
  named([] { end_graph(); }, [] { return std::string("operations of a graph"); });
}

// CUDA keeps the current device for each thread, and begins with GPU 0: memory that a thread would allocate there, and
// kernels that it would start, are of no use to the device that was opened.
void use_device() {
  if (device_of_thread == opened) return;
  check_cuda(cudaSetDevice(opened), "cudaSetDevice");
  device_of_thread = opened;
}

template <auto function>
struct OnDevice;
template <typename Result, typename... Arguments, Result (*function)(Arguments...)>
struct OnDevice<function> {
  static Result call(Arguments... arguments) {
    use_device();
    return function(arguments...);
  }
};

// `function` as the table has it. Not release and allocated_bytes, which need no device: cudaSetDevice reports failures
// of earlier launches too, and a release must not fail.
template <auto function>
constexpr auto entry = exported<OnDevice<function>::call>;

[[noreturn]] void refuse(int device, const std::string& why) {
  throw Error(ErrorKind::unsupported, name_of(device) + " cannot be used: " + why);
}

int attribute(cudaDeviceAttr which, int device) {
  int value = 0;
  check_cuda(cudaDeviceGetAttribute(&value, which, device), "cudaDeviceGetAttribute");
  return value;
}

// CUDA's way to write a version, 12040, as 12.4.
std::string version(int number) { return std::to_string(number / 1000) + "." + std::to_string(number % 1000 / 10); }

[[noreturn]] void refuse_driver(int device) {
  int supported = 0;
  const bool known = cudaDriverGetVersion(&supported) == cudaSuccess && supported > 0;
  constexpr int kDriver = CUDART_VERSION >= 13000 ? 580 : 525;  // the first that runs programs of this CUDA
  refuse(device, (known ? "the NVIDIA driver supports CUDA " + version(supported) + ", and this build's CUDA "
                        : "no NVIDIA driver is installed, and this build's CUDA ") +
                     version(CUDART_VERSION) + " needs driver " + std::to_string(kDriver) + " or newer");
}

__global__ void nothing() {}

// A GPU that this build has no kernels for, or only PTX that its driver cannot compile, shows here and not in the first
// step. Every file is compiled for the same GPUs, so one kernel speaks for all.
void probe_kernels(int device, int major, int minor) {
  cudaFuncAttributes attributes;
  const cudaError_t error = cudaFuncGetAttributes(&attributes, reinterpret_cast<const void*>(nothing));
  if (error == cudaSuccess) return;
  cudaGetLastError();  // must not look like a later launch's failure
  refuse(device, "this build's kernels do not load on compute capability " + std::to_string(major) + "." +
                     std::to_string(minor) + " (CUDA says " + cudaGetErrorString(error) +
                     "); a newer driver may load them, or a build by an nvcc that knows this GPU");
}

void open(int device) {
  if (opened >= 0) refuse(device, "this process already uses " + name_of(opened));
  int count = 0;
  const cudaError_t error = cudaGetDeviceCount(&count);
  if (error == cudaErrorInsufficientDriver) refuse_driver(device);
  if (error == cudaErrorNoDevice) refuse(device, "the NVIDIA driver sees no GPU");
  if (error != cudaSuccess) refuse(device, std::string("CUDA says ") + cudaGetErrorString(error));
  if (device >= count) {
    refuse(device,
           "GPUs are counted from 0, and the driver sees " + std::to_string(count) + ", up to " + name_of(count - 1));
  }
  const int major = attribute(cudaDevAttrComputeCapabilityMajor, device);
  const int minor = attribute(cudaDevAttrComputeCapabilityMinor, device);
  if (major * 10 + minor < 75) {
    refuse(device, "its compute capability is " + std::to_string(major) + "." + std::to_string(minor) +
                       ", the kernels need 7.5 (Turing) or newer");
  }
  has_tensor_cores_for_all = major >= 8;
  check_cuda(cudaSetDevice(device), "cudaSetDevice");
  probe_kernels(device, major, minor);
  wgmma_use();  // refuses a word that it does not know now and not in the first step
  opened_name = name_of(device);
  selvage_cuda.table.name = opened_name.c_str();
  cudaDeviceProp properties;
  check_cuda(cudaGetDeviceProperties(&properties, device), "cudaGetDeviceProperties");
  hardware = properties.name;
  selvage_cuda.table.hardware = hardware.c_str();
  opened = device;
}

void open_unless_open(int device) {
  if (device != opened) open(device);
  use_device();
}

}  // namespace

#define SELVAGE_ENTRY(op) entry<Named<k_##op, cuda::op>::call>,
CudaLibrary selvage_cuda = {table_version(),
                            exported<open_unless_open>,
                            {"cuda",
                             "",
                             entry<allocate_tensor>,
                             exported<release>,
                             exported<allocated_bytes>,
                             entry<upload_tensor>,
                             entry<download_tensor>,
                             entry<set_precision>,
                             entry<has_type>,
                             entry<load_cudnn>,
                             entry<set_convolutions>,
                             entry<begin_graph>,
                             entry<end_named>,
                             SELVAGE_OPS(SELVAGE_ENTRY) entry<load_nccl>,
                             entry<device_address>,
                             entry<make_ranks_id>,
                             entry<connect_by_id>,
                             entry<begin_sum>,
                             entry<take_sums>,
                             entry<sums_are_there>,
                             entry<exchange_seconds>,
                             exported<abort_ranks>}};
#undef SELVAGE_ENTRY

}  // namespace selvage::cuda

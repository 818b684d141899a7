// library_tests STALE...: libselvage_cuda.so's table, as threads call it; and that libselvage_checks.so of another
// build, STALE, is refused. A process of its own, since a process opens one device.
#include <functional>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "abi.h"
#include "device/memory.h"
#include "selvage.h"
#include "tensor.h"

// A thread that a planted bug ends in the middle of its kernel leaves behind what it owned.
extern "C" __attribute__((visibility("default"))) const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }

extern "C" selvage::CudaLibrary selvage_cuda;

namespace {

int failed = 0;

void expect(bool right, const std::string& what) {
  if (right) return;
  std::cerr << "FAILED " << what << "\n";
  ++failed;
}

int current_device() {
  int device = -1;
  cudaGetDevice(&device);
  return device;
}

// Whatever a thread calls first, it is on the device that another thread opened.
void every_thread_uses_the_opened_device() {
  using namespace selvage;
  simt::faults().gpus = 2;
  call_abi(selvage_cuda.open, 1);
  const auto& table = selvage_cuda.table;
  char* const block = static_cast<char*>(call_abi(table.allocate, int64_t{4}));
  float value = 7;
  const int64_t one = 1;
  Tensor tensor(&one, 1);
  const std::vector<std::pair<const char*, std::function<void()>>> calls = {
      {"open", [] { call_abi(selvage_cuda.open, 1); }},
      {"allocate", [&] { call_abi(table.release, call_abi(table.allocate, int64_t{4096}), int64_t{4096}); }},
      {"upload",
       [&] { call_abi(table.upload, static_cast<void*>(block), static_cast<const void*>(&value), int64_t{4}); }},
      {"download",
       [&] { call_abi(table.download, static_cast<void*>(&value), static_cast<const void*>(block), int64_t{4}); }},
      {"a kernel", [&] { call_abi(table.fill, &tensor, 7.0f); }},
      {"prefetch_images", [&] { call_abi(table.prefetch_images, static_cast<const uint8_t*>(nullptr), int64_t{0}); }},
      {"begin_graph and end_graph",
       [&] {
         call_abi(table.begin_graph);
         call_abi(table.end_graph);
       }},
  };
  expect(current_device() == 1, "the thread that opens cuda:1 computes on cuda:1");
  for (const auto& [name, call] : calls) {
    std::thread([&, name = name, call = call] {
      expect(current_device() == 0, "a thread begins with cuda:0");
      call();
      expect(current_device() == 1, std::string(name) + " on another thread: on cuda:1");
    }).join();
  }
  expect(value == 7, "threads share the device's memory");
  std::thread([&] {
    call_abi(table.release, static_cast<void*>(block), int64_t{4});
    expect(current_device() == 0, "a release asks nothing of the device");
  }).join();
}

void a_checks_library_of_another_build_is_refused(const std::string& library) {
  try {
    selvage::open_checks(library.c_str());
    expect(false, library + " is refused");
  } catch (const selvage::Error& e) {
    expect(e.what() == "open_checks: " + library + " must come from the same build as libselvage.so", e.what());
  }
}

}  // namespace

int main(int argc, char** argv) {
  every_thread_uses_the_opened_device();
  for (int i = 1; i < argc; ++i) a_checks_library_of_another_build_is_refused(argv[i]);
  return failed == 0 ? 0 : 1;
}

// The start of kernels, and of many at once where launches repeat: CUDA graphs.
//
// Between begin_repeated() and end_repeated() a launch is noted rather than started: the kernel, its grid and the bytes
// of its arguments. What is noted runs in its order, kSequence launches at a time, or as soon as somebody asks for
// stream(). A sequence that has been there before, the same to the last byte, is captured as a graph the second time
// and is one call from then on. So nothing is assumed of who calls: with a tensor at another address it is another
// sequence, and runs launch by launch.
//
// A launch costs the host some 2.5 us; to note it and to know it again, 0.07. A device that is idle waits for the first
// kSequence notes.
#pragma once

#include <cstring>
#include <string>
#include <tuple>
#include <type_traits>

#include "memory.h"

namespace selvage::cuda {

void begin_repeated();
void end_repeated();
void start_noted();  // what is noted so far

class Notes {
 public:
  // Starts the launch whose bytes begin at `at`, and moves `at` behind them.
  using Start = void (*)(const char*& at);

  template <typename... Values>
  void add(Start start_one, const Values&... values) {
    put(start_one);
    (put(values), ...);
    if (++count_ == kSequence) start();
  }
  void start();  // all that is noted

  template <typename T>
  static T take(const char*& at) {
    alignas(T) char value[sizeof(T)] = {};
    if constexpr (!std::is_empty_v<T>) {
      std::memcpy(value, at, sizeof value);
      at += sizeof value;
    }
    return *reinterpret_cast<T*>(value);
  }

 private:
  static constexpr int kSequence = 32;

  template <typename T>
  void put(const T& value) {
    if constexpr (!std::is_empty_v<T>) bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }

  std::string bytes_;
  int count_ = 0;
};

// Between begin_repeated() and end_repeated(), else null.
Notes* notes();

template <typename... Parameters>
struct Launch {
  using Kernel = void (*)(Parameters...);

  static void start(const char* name, Kernel kernel, dim3 grid, dim3 block, int64_t shared_bytes,
                    Parameters... values) {
    allow_shared(reinterpret_cast<const void*>(kernel), shared_bytes);
#ifdef __CUDACC__
    kernel<<<grid, block, shared_bytes, bare_stream()>>>(values...);
#else
    simt::launch_on(bare_stream(), grid, block, shared_bytes, kernel, values...);
#endif
    check_cuda(cudaGetLastError(), name);
  }

  static void start_noted(const char*& at) {
    // Braces, unlike parentheses, evaluate from left to right.
    const std::tuple<const char*, Kernel, dim3, dim3, int64_t, Parameters...> noted{
        Notes::take<const char*>(at), Notes::take<Kernel>(at),  Notes::take<dim3>(at),
        Notes::take<dim3>(at),        Notes::take<int64_t>(at), Notes::take<Parameters>(at)...};
    std::apply(start, noted);
  }
};

template <typename... Parameters, typename... Arguments>
void launch(const char* name, void (*kernel)(Parameters...), dim3 grid, dim3 block, int64_t shared_bytes,
            Arguments... arguments) {
  if (Notes* noted = notes()) {
    noted->add(Launch<Parameters...>::start_noted, name, kernel, grid, block, shared_bytes,
               static_cast<Parameters>(arguments)...);
    return;
  }
  Launch<Parameters...>::start(name, kernel, grid, block, shared_bytes, arguments...);
}

}  // namespace selvage::cuda

#define LAUNCH(kernel, grid, block, shared_bytes, ...) \
  ::selvage::cuda::launch(#kernel, kernel, dim3(grid), dim3(block), shared_bytes, __VA_ARGS__)

// Kernel launches, one by one or many at once as CUDA graphs.
//
// Between begin_graph() and end_graph() a launch is not started but queued: the kernel, its grid and the bytes of its
// arguments. The queue runs in order, kSequence launches at a time, and earlier when something asks for stream(). A
// sequence of launches runs one by one the first time. The second time, when every byte is the same, it is captured as
// a graph, and from then on it is one call. No caller has to promise anything: a tensor at another address makes
// another sequence, which runs one by one.
//
// A launch costs the host about 2.5 us; to queue it and find it again, 0.07 us. An idle device waits until the first
// kSequence launches are queued.
#pragma once

#include <cstring>
#include <string>
#include <tuple>
#include <type_traits>

#include "device/memory.h"

namespace selvage::cuda {

void begin_graph();
void end_graph();
void flush_launches();  // starts what is queued

class LaunchQueue {
 public:
  // Starts the launch whose bytes begin at `at`, and moves `at` behind them.
  using Start = void (*)(const char*& at);

  template <typename... Values>
  void add(Start start_one, const Values&... values) {
    put(start_one);
    (put(values), ...);
    if (++count_ == kSequence) flush();
  }
  void flush();  // starts all that is queued

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

// The queue between begin_graph() and end_graph(), else null.
LaunchQueue* open_queue();

template <typename... Parameters>
struct Launch {
  using Kernel = void (*)(Parameters...);

  static void start(const char* name, Kernel kernel, dim3 grid, dim3 block, int64_t shared_bytes,
                    Parameters... values) {
    start_on(raw_stream(), name, kernel, grid, block, shared_bytes, values...);
  }

  // On another stream than the compute stream.
  static void start_on(cudaStream_t stream, const char* name, Kernel kernel, dim3 grid, dim3 block,
                       int64_t shared_bytes, Parameters... values) {
    allow_shared(reinterpret_cast<const void*>(kernel), shared_bytes);
#ifdef __CUDACC__
    kernel<<<grid, block, shared_bytes, stream>>>(values...);
#else
    simt::launch_on(stream, grid, block, shared_bytes, kernel, values...);
#endif
    check_cuda(cudaGetLastError(), name);
  }

  static void start_queued(const char*& at) {
    // Braces, unlike parentheses, evaluate from left to right.
    const std::tuple<const char*, Kernel, dim3, dim3, int64_t, Parameters...> queued{
        LaunchQueue::take<const char*>(at), LaunchQueue::take<Kernel>(at),  LaunchQueue::take<dim3>(at),
        LaunchQueue::take<dim3>(at),        LaunchQueue::take<int64_t>(at), LaunchQueue::take<Parameters>(at)...};
    std::apply(start, queued);
  }
};

template <typename... Parameters, typename... Arguments>
void launch(const char* name, void (*kernel)(Parameters...), dim3 grid, dim3 block, int64_t shared_bytes,
            Arguments... arguments) {
  if (LaunchQueue* queue = open_queue()) {
    queue->add(Launch<Parameters...>::start_queued, name, kernel, grid, block, shared_bytes,
               static_cast<Parameters>(arguments)...);
    return;
  }
  Launch<Parameters...>::start(name, kernel, grid, block, shared_bytes, arguments...);
}

}  // namespace selvage::cuda

#define LAUNCH(kernel, grid, block, shared_bytes, ...) \
  ::selvage::cuda::launch(#kernel, kernel, dim3(grid), dim3(block), shared_bytes, __VA_ARGS__)

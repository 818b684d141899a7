// Streams, events and the copies between host and device.
//
// A GPU may run what a stream holds at once, or as late as its events and synchronisations allow. By default every
// stream runs at once; run_late() makes some of them run as late as they may, so that a wait that is missing shows in
// the values: its results are not there yet, or its sources are there no longer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "launch.h"

namespace simt {
inline thread_local int current_device = 0;
}

// What a stream does. What needs another process first is not ready before that has done its part.
struct simt_operation {
  std::function<void()> run;
  std::function<bool()> ready = {};  // empty: always
};

struct simt_stream {
  const int device = simt::current_device;
  bool late = false;
  std::vector<std::function<void()>>* captured = nullptr;  // takes up what would have been run
  bool capture_broken = false;                             // by a call that a capture forbids
  std::deque<simt_operation> waiting;
  int64_t begun = 0, enqueued = 0;
  double passed = 0;  // milliseconds that operations have taken longer, as in Faults
};

// The place in a stream that an event marks: it has happened once all before it has run.
struct simt_event {
  simt_stream* stream = nullptr;
  int64_t at = 0;
  std::shared_ptr<double> milliseconds;  // when it happened, for an event with timing
};

namespace simt {

// These streams run as late as they may from now on, others at once. Everything called before runs first.
void run_late(std::vector<simt_stream*> streams);

// Runs operation in its turn, or lets a capture take it up. The null stream runs at once.
void enqueue(simt_stream* stream, std::function<void()> operation);
// Lets a stream wait until another has run its first `count` operations.
void wait_for(simt_stream* stream, simt_stream* other, int64_t count);
void run_all(simt_stream* stream);
void run_all_streams();
// Its first `count` operations, counted from its creation. Waits for those that are not ready.
void run_until(simt_stream* stream, int64_t count);
// Runs them as far as they are ready; whether that is all of them.
bool run_ready(simt_stream* stream, int64_t count);

// Whether a stream captures, which forbids what is being called, and ends in an error.
bool breaks_captures();

simt_stream* new_stream();
void* new_memory(size_t bytes, bool pin);
void free_memory(void* memory);
bool is_pinned(const void* memory);
// As CUDA does it: from pinned memory the host's bytes are read when the copy runs, from other memory before the call
// returns.
void copy(void* to, const void* from, size_t bytes, simt_stream* stream, bool to_host);

// Arguments are copied when the call is made, as <<<>>> does. The stream must be of the calling thread's device.
template <typename... Parameters, typename... Arguments>
void launch_on(simt_stream* stream, dim3 grid, dim3 block, size_t shared_bytes, void (*kernel)(Parameters...),
               Arguments... arguments) {
  if (stream != nullptr && stream->device != current_device) violation("a launch on a stream of another GPU");
  enqueue(stream, [=] { launch(grid, block, shared_bytes, [&] { kernel(arguments...); }); });
}

}  // namespace simt

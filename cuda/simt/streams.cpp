#include "streams.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <map>
#include <thread>
#include <vector>

#include "faults.h"

namespace simt {
namespace {

// Never destroyed: static objects of the backend free their memory at the process's end.
std::vector<simt_stream*>& streams() {
  static auto* all = new std::vector<simt_stream*>;
  return *all;
}

// Sizes by address.
std::map<const char*, size_t>& pinned() {
  static auto* all = new std::map<const char*, size_t>;
  return *all;
}

void add(simt_stream* stream, simt_operation operation) {
  ++stream->enqueued;
  stream->waiting.push_back(std::move(operation));
  if (!stream->late) run_ready(stream, stream->enqueued);
}

}  // namespace

bool is_pinned(const void* memory) {
  const char* address = static_cast<const char*>(memory);
  const auto after = pinned().upper_bound(address);
  return after != pinned().begin() && address < std::prev(after)->first + std::prev(after)->second;
}

void run_late(std::vector<simt_stream*> late) {
  run_all_streams();
  for (simt_stream* stream : streams()) stream->late = false;
  for (simt_stream* stream : late) stream->late = true;
}

void enqueue(simt_stream* stream, std::function<void()> operation) {
  if (stream == nullptr) {
    operation();
    return;
  }
  if (stream->captured != nullptr) {
    stream->captured->push_back(std::move(operation));
    return;
  }
  add(stream, {std::move(operation)});
}

void wait_for(simt_stream* stream, simt_stream* other, int64_t count) {
  if (stream == nullptr || stream->captured != nullptr) {
    enqueue(stream, [=] { run_until(other, count); });
  } else {
    add(stream, {[] {}, [=] { return run_ready(other, count); }});
  }
}

bool run_ready(simt_stream* stream, int64_t count) {
  while (stream->begun < count && !stream->waiting.empty()) {
    if (stream->waiting.front().ready && !stream->waiting.front().ready()) return false;
    const simt_operation operation = std::move(stream->waiting.front());
    stream->waiting.pop_front();
    ++stream->begun;
    operation.run();
  }
  return true;
}

void run_until(simt_stream* stream, int64_t count) {
  while (!run_ready(stream, count)) std::this_thread::sleep_for(std::chrono::microseconds(50));
}

void run_all(simt_stream* stream) {
  if (stream != nullptr) run_until(stream, stream->enqueued);
}

void run_all_streams() {
  for (simt_stream* stream : streams()) run_all(stream);
}

bool breaks_captures() {
  bool any = false;
  for (simt_stream* stream : streams()) {
    if (stream->captured == nullptr) continue;
    stream->capture_broken = true;
    any = true;
  }
  return any;
}

simt_stream* new_stream() {
  streams().push_back(new simt_stream);
  return streams().back();
}

void* new_memory(size_t bytes, bool pin) {
  void* memory = nullptr;
  if (posix_memalign(&memory, 256, bytes == 0 ? 1 : bytes) != 0) return nullptr;
  std::memset(memory, 0xff, bytes);
  if (pin) pinned()[static_cast<const char*>(memory)] = bytes;
  return memory;
}

void free_memory(void* memory) {
  run_all_streams();
  pinned().erase(static_cast<const char*>(memory));
  std::free(memory);
}

void copy(void* to, const void* from, size_t bytes, simt_stream* stream, bool to_host) {
  if (bytes == 0) return;
  if (to_host) {
    enqueue(stream, [=] { std::memcpy(to, from, bytes); });
    if (!is_pinned(to)) run_all(stream);
  } else if (is_pinned(from)) {
    enqueue(stream, [=] { std::memcpy(to, from, bytes); });
  } else {
    ++faults().waits;
    const char* first = static_cast<const char*>(from);
    enqueue(stream,
            [to, read = std::vector<char>(first, first + bytes)] { std::memcpy(to, read.data(), read.size()); });
  }
}

}  // namespace simt

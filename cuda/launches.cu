#include <cstdlib>
#include <unordered_map>

#include "launches.h"

namespace selvage::cuda {
namespace {

constexpr int kFewest = 4;     // launches that are worth a graph
constexpr size_t kMost = 256;  // sequences that are remembered, 6 KB each

// By their launches; null for what has come once. Never destroyed: at the process's end the driver may be gone before.
auto& graphs() {
  static auto* const all = new std::unordered_map<std::string, cudaGraphExec_t>;
  return *all;
}

void start_each(const std::string& sequence) {
  const char* const end = sequence.data() + sequence.size();
  for (const char* at = sequence.data(); at != end;) Notes::take<Notes::Start>(at)(at);
}

// Of kernels that have run before, so that none is loaded now, which a capture would not survive.
cudaGraphExec_t capture(const std::string& sequence) {
  cudaGraph_t graph = nullptr;
  check_cuda(cudaStreamBeginCapture(bare_stream(), cudaStreamCaptureModeThreadLocal), "capture of a graph");
  start_each(sequence);
  check_cuda(cudaStreamEndCapture(bare_stream(), &graph), "capture of a graph");
  cudaGraphExec_t executable = nullptr;
  check_cuda(cudaGraphInstantiate(&executable, graph, 0), "capture of a graph");
  check_cuda(cudaGraphDestroy(graph), "capture of a graph");
  return executable;
}

// Everything: what repeats is soon there again.
void forget() {
  check_cuda(cudaStreamSynchronize(bare_stream()), "graphs");
  for (const auto& [sequence, graph] : graphs()) {
    if (graph != nullptr) check_cuda(cudaGraphExecDestroy(graph), "graphs");
  }
  graphs().clear();
}

void start_sequence(const std::string& sequence) {
  const auto found = graphs().find(sequence);
  if (found == graphs().end()) {
    if (graphs().size() == kMost) forget();
    graphs().emplace(sequence, nullptr);
    start_each(sequence);
  } else {
    if (found->second == nullptr) found->second = capture(sequence);
    check_cuda(cudaGraphLaunch(found->second, bare_stream()), "graph of repeated launches");
  }
}

bool noting = false;

Notes& noted() {
  static auto* const all = new Notes;  // asked for at the process's end, when memory is given back
  return *all;
}

// Under it a fault shows in the launch that it lies in.
bool one_by_one() {
  const char* blocking = std::getenv("CUDA_LAUNCH_BLOCKING");
  return blocking != nullptr && std::strcmp(blocking, "1") == 0;
}

}  // namespace

void begin_repeated() { noting = !one_by_one(); }

void end_repeated() {
  noting = false;
  noted().start();
}

Notes* notes() { return noting ? &noted() : nullptr; }

void Notes::start() {
  if (count_ == 0) return;
  std::string sequence;
  sequence.swap(bytes_);
  const int launches = count_;
  count_ = 0;
  if (launches < kFewest) {
    start_each(sequence);
  } else {
    start_sequence(sequence);
  }
}

void start_noted() { noted().start(); }

}  // namespace selvage::cuda

#include <cstdlib>
#include <unordered_map>

#include "device/launches.h"

namespace selvage::cuda {
namespace {

constexpr int kFewest = 4;     // launches in a graph
constexpr size_t kMost = 256;  // sequences that are remembered, 6 KB each

// The graph of each sequence; null for a sequence that has come once. Never destroyed: when the process ends, the
// driver may be gone first.
auto& graphs() {
  static auto* const all = new std::unordered_map<std::string, cudaGraphExec_t>;
  return *all;
}

void start_each(const std::string& sequence) {
  const char* const end = sequence.data() + sequence.size();
  for (const char* at = sequence.data(); at != end;) LaunchQueue::take<LaunchQueue::Start>(at)(at);
}

// A capture of the stream, and the graph that it makes. Whatever is thrown before its end, the stream is then as
// before.
class Capture {
 public:
  Capture() {
    check_cuda(cudaStreamBeginCapture(raw_stream(), cudaStreamCaptureModeThreadLocal), "capture of a graph");
  }
  ~Capture() {
    if (!ended_) cudaStreamEndCapture(raw_stream(), &graph_);
    if (graph_ != nullptr) cudaGraphDestroy(graph_);
    cudaGetLastError();  // a failure of these must not look like the next kernel's failure
  }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  cudaGraphExec_t end() {
    ended_ = true;
    check_cuda(cudaStreamEndCapture(raw_stream(), &graph_), "capture of a graph");
    cudaGraphExec_t executable = nullptr;
    check_cuda(cudaGraphInstantiate(&executable, graph_, 0), "capture of a graph");
    return executable;
  }

 private:
  cudaGraph_t graph_ = nullptr;
  bool ended_ = false;
};

// All kernels of the sequence have run before. So none has to be loaded now, which would break the capture.
cudaGraphExec_t capture(const std::string& sequence) {
  Capture captured;
  start_each(sequence);
  return captured.end();
}

// Drops all sequences. Those that repeat are soon known again.
void forget() {
  check_cuda(cudaStreamSynchronize(raw_stream()), "graphs");
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
    check_cuda(cudaGraphLaunch(found->second, raw_stream()), "launch of a graph");
  }
}

bool queueing = false;

LaunchQueue& queue() {
  static auto* const only = new LaunchQueue;  // still used when the process ends and memory is released
  return *only;
}

// With CUDA_LAUNCH_BLOCKING=1 an error must show in the launch that causes it.
bool one_by_one() {
  const char* blocking = std::getenv("CUDA_LAUNCH_BLOCKING");
  return blocking != nullptr && std::strcmp(blocking, "1") == 0;
}

}  // namespace

void begin_graph() { queueing = !one_by_one(); }

void end_graph() {
  queueing = false;
  queue().flush();
}

LaunchQueue* open_queue() { return queueing ? &queue() : nullptr; }

void LaunchQueue::flush() {
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

void flush_launches() { queue().flush(); }

}  // namespace selvage::cuda

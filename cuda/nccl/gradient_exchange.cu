// add_parts: values [n] = tree sum over the ranks of received [ranks,n], this rank's own row being values. Launch: 256
// threads, one element each, up to 64 blocks an SM, then a stride. Bytes: (ranks + 1) n floats, each once; a GPU has
// many times the bandwidth of any link between GPUs, so that single loads do.
//
// NCCL's own sums are not used: the order of their additions is NCCL's choice. Here every rank gets the others' values
// of its own piece, adds them in the order of the ranks, and sends the sums to all: each value crosses a link as often
// as in a reduce-scatter and an all-gather.
//
// Deterministic: an element's additions depend on the number of ranks alone.
#include <algorithm>

#include "common/kernel.cuh"
#include "nccl/gradient_exchange.h"
#include "nccl/nccl_library.h"

namespace selvage::cuda {
namespace {

constexpr int64_t kBlock = int64_t{1} << 22;  // floats of a sum that are on their way together: 16 MB
constexpr int64_t kLine = 4;                  // floats; pieces begin at 16 bytes, so that NCCL can copy them at once
constexpr int kLevels = 12;                   // of a tree; ranks are fewer than 2^kLevels

// The sum of one branch of the tree for each bit of the number of rows so far. A row that completes a branch is added
// to it, as one carries when counting.
__global__ void add_parts(float* values, const float* received, int64_t count, int own, int ranks) {
  for (int64_t i = global_thread(); i < count; i += global_threads()) {
    float branches[kLevels] = {};
    for (int rank = 0; rank < ranks; ++rank) {
      float sum = rank == own ? values[i] : received[rank * count + i];
      int level = 0;
      for (; (rank >> level & 1) != 0; ++level) sum = branches[level] + sum;
      branches[level] = sum;
    }
    // the branches that are left, from the last and smallest to the first
    int level = 0;
    while ((ranks >> level & 1) == 0) ++level;
    float sum = branches[level];
    for (++level; ranks >> level != 0; ++level) {
      if ((ranks >> level & 1) != 0) sum = branches[level] + sum;
    }
    values[i] = sum;
  }
}

// Never destroyed: at the process's end the driver may be gone before it.
struct Exchange {
  ncclComm_t comm = nullptr;
  int rank = 0, ranks = 1;
  cudaStream_t stream = nullptr;
  cudaEvent_t written = nullptr;                                // the gradients, on the compute stream
  cudaEvent_t begun = nullptr, done = nullptr, idle = nullptr;  // idle: the compute stream has nothing else to do
  bool any = false;                                             // sum since take_sums()
  float* received = nullptr;                                    // a piece of a block from every rank

  int64_t begin(int64_t count, int of) const { return of == ranks ? count : count * of / ranks / kLine * kLine; }
};

Exchange& exchange() {
  static auto* const only = new Exchange;
  return *only;
}

// Sends to and receives from every other rank at once.
template <typename Send, typename Receive>
void all_to_all(const Exchange& e, const Send& send, const Receive& receive) {
  check_nccl(nccl().GroupStart(), "ncclGroupStart");
  for (int distance = 1; distance < e.ranks; ++distance) {
    send((e.rank + distance) % e.ranks);
    receive((e.rank - distance + e.ranks) % e.ranks);
  }
  check_nccl(nccl().GroupEnd(), "ncclGroupEnd");
}

void send(const Exchange& e, const float* values, int64_t count, int peer) {
  if (count > 0) check_nccl(nccl().Send(values, count, ncclFloat32, peer, e.comm, e.stream), "ncclSend");
}
void receive(const Exchange& e, float* values, int64_t count, int peer) {
  if (count > 0) check_nccl(nccl().Recv(values, count, ncclFloat32, peer, e.comm, e.stream), "ncclRecv");
}

void sum_block(Exchange& e, float* values, int64_t count) {
  const auto begin = [&](int rank) { return e.begin(count, rank); };
  const auto piece = [&](int rank) { return begin(rank + 1) - begin(rank); };
  const int64_t mine = piece(e.rank);
  float* const own = values + begin(e.rank);
  all_to_all(
      e, [&](int peer) { send(e, values + begin(peer), piece(peer), peer); },
      [&](int peer) { receive(e, e.received + peer * mine, mine, peer); });
  if (mine > 0) {
    Launch<float*, const float*, int64_t, int, int>::start_on(e.stream, "add_parts", add_parts, blocks_for(mine),
                                                              kThreads, 0, own, e.received, mine, e.rank, e.ranks);
  }
  all_to_all(
      e, [&](int peer) { send(e, own, mine, peer); },
      [&](int peer) { receive(e, values + begin(peer), piece(peer), peer); });
}

}  // namespace

void connect_ranks(const ncclUniqueId& id, int rank, int ranks) {
  Exchange& e = exchange();
  e.rank = rank;
  e.ranks = ranks;
  e.stream = new_stream();
  e.written = new_event();
  e.begun = new_timed_event();
  e.done = new_timed_event();
  e.idle = new_timed_event();
  // Not from the compute stream's allocator, which would hand out the block again while a sum uses it.
  const int64_t most = kBlock + int64_t{2} * kLine * ranks;
  check_cuda(cudaMalloc(reinterpret_cast<void**>(&e.received), static_cast<size_t>(most) * sizeof(float)), "ranks");
  check_nccl(nccl().CommInitRank(&e.comm, ranks, id, rank), "ncclCommInitRank");
}

void begin_sum(float* values, int64_t count) {
  Exchange& e = exchange();
  check_cuda(cudaEventRecord(e.written, stream()), "ranks");
  check_cuda(cudaStreamWaitEvent(e.stream, e.written, 0), "ranks");
  if (!e.any) check_cuda(cudaEventRecord(e.begun, e.stream), "ranks");
  e.any = true;
  for (int64_t at = 0; at < count; at += kBlock) sum_block(e, values + at, std::min(kBlock, count - at));
}

void take_sums() {
  Exchange& e = exchange();
  e.any = false;
  check_cuda(cudaEventRecord(e.done, e.stream), "ranks");
  check_cuda(cudaEventRecord(e.idle, stream()), "ranks");
  check_cuda(cudaStreamWaitEvent(stream(), e.done, 0), "ranks");
}

bool sums_are_there() {
  const Exchange& e = exchange();
  int error = ncclSuccess;
  check_nccl(nccl().CommGetAsyncError(e.comm, &error), "ncclCommGetAsyncError");
  check_nccl(error, "sum over the ranks");
  for (cudaEvent_t event : {e.done, e.idle}) {
    const cudaError_t found = cudaEventQuery(event);
    if (found == cudaErrorNotReady) return false;
    check_cuda(found, "ranks");
  }
  return true;
}

cudaStream_t sums_stream() { return exchange().stream; }

ExchangeTimes exchange_times() {
  const Exchange& e = exchange();
  float all = 0, shown = 0;
  check_cuda(cudaEventElapsedTime(&all, e.begun, e.done), "ranks");
  check_cuda(cudaEventElapsedTime(&shown, e.idle, e.done), "ranks");
  return {all / 1e3, std::max(0.0f, shown) / 1e3};
}

void abort_ranks() {
  Exchange& e = exchange();
  if (e.comm != nullptr) nccl().CommAbort(e.comm);
  e.comm = nullptr;
}

}  // namespace selvage::cuda

#include "launch.h"

#include <algorithm>
#include <deque>
#include <numeric>
#include <random>

#include "async_lines.h"
#include "clocks.h"
#include "faults.h"
#include "mbarrier.h"
#include "shared_memory.h"
#include "tma.h"
#include "wgmma.h"

namespace simt {

Thread* running = nullptr;
Launch current;

namespace {

// A collective that waits for some of its lanes.
struct Pending {
  uint32_t mask, arrived;
  int line;
  Lanes lanes;
  const std::function<void(const Lanes&)>* combine;  // of the lane that came first, which waits
};

Order order = Order::forward;
std::mt19937 engine;
std::deque<Thread> threads;                 // those of the block; kept for the next launch, since stacks are dear
std::vector<std::vector<Pending>> pending;  // by warp
std::vector<uint32_t> alive;                // by warp: lanes that have not ended
unsigned live = 0, waiting = 0;             // threads of the block: not ended, at the barrier
std::string error;
const std::function<void()>* body = nullptr;

std::string place() {
  const dim3& b = current.block_index;
  std::string text = " in block (" + std::to_string(b.x) + "," + std::to_string(b.y) + "," + std::to_string(b.z) + ")";
  return running == nullptr ? text : text + " thread " + std::to_string(running->linear);
}

void make_ready(Thread& thread) {
  thread.state = State::ready;
  ++thread.warp_syncs;
}

// Completes collective `at` of the warp if every lane that still lives has come. Returns whether it did.
bool try_complete(unsigned warp, size_t at) {
  Pending& p = pending[warp][at];
  const uint32_t needed = p.mask & alive[warp];
  if ((p.arrived & needed) != needed) return false;
  const Pending complete = std::move(p);
  pending[warp].erase(pending[warp].begin() + at);
  (*complete.combine)(complete.lanes);
  for (unsigned lane = 0; lane < 32; ++lane) {
    if (complete.arrived >> lane & 1) make_ready(threads[warp * 32 + lane]);
  }
  return true;
}

void run_thread() {
  (*body)();
  if (!running->copies.empty() || !running->copy_groups.empty()) violation("a thread ended with cp.async in flight");
  if (products_in_flight()) violation("a thread ended with a wgmma in flight");
  running->state = State::done;
}

void end_thread(const Thread& thread) {
  const unsigned warp = thread.linear / 32;
  alive[warp] &= ~(1u << thread.linear % 32);
  --live;
  for (size_t i = 0; i < pending[warp].size();) i += try_complete(warp, i) ? 0 : 1;
}

void release_barrier(unsigned count) {
  int line = 0;
  for (unsigned i = 0; i < count; ++i) {
    Thread& t = threads[i];
    if (t.state != State::at_barrier) continue;
    if (line != 0 && t.barrier_line != line) {
      violation("divergent barrier: threads wait at __syncthreads of lines " + std::to_string(line) + " and " +
                std::to_string(t.barrier_line));
    }
    line = t.barrier_line;
    make_ready(t);
  }
  waiting = 0;
  shared_memory_barrier();
  if (any_mbarrier()) clocks_barrier();
}

void begin_block() {
  shared_memory_begin_block();
  products_begin_block();
  lines_begin_block();
  if (!any_mbarrier()) return;  // in the block before: most kernels have none
  clocks_begin_block();
  copies_begin_block();
  mbarriers_begin_block();
}

void end_block() {
  copies_end_block();
  mbarriers_end_block();
  products_end_block();
  shared_memory_end_block();
}

void run_block(unsigned count, const std::vector<Thread*>& thread_order) {
  const unsigned warps = (count + 31) / 32;
  pending.resize(std::max<size_t>(pending.size(), warps));
  for (std::vector<Pending>& of_warp : pending) of_warp.clear();
  alive.assign(warps, 0);
  for (unsigned i = 0; i < count; ++i) {
    Thread& t = threads[i];
    alive[i / 32] |= 1u << i % 32;
    t.state = State::ready;
    t.warp_syncs = 0;
    t.copies.clear();
    t.copy_groups.clear();
    t.fiber.start(run_thread, i);
  }
  live = count;
  waiting = 0;
  while (live > 0) {
    bool progress = false;
    for (Thread* const thread : thread_order) {
      Thread& t = *thread;
      if (t.state == State::at_mbarrier && mbarrier_passes(t)) t.state = State::ready;
      if (t.state != State::ready) continue;
      progress = true;
      running = &t;
      t.fiber.resume();
      running = nullptr;
      if (!error.empty()) throw Violation(error);
      if (t.state == State::done) end_thread(t);
    }
    if (waiting > 0 && waiting == live) {
      release_barrier(count);
      progress = true;
    }
    progress = progress || finish_a_copy();
    if (!progress) {
      violation(
          "deadlock: " + std::to_string(waiting) + " of " + std::to_string(live) +
          " threads wait at a barrier, the others in a warp collective that lacks lanes or for an mbarrier's phase");
    }
  }
}

std::vector<unsigned> in_order(unsigned count) {
  std::vector<unsigned> places(count);
  std::iota(places.begin(), places.end(), 0u);
  if (order == Order::reverse) std::reverse(places.begin(), places.end());
  if (order == Order::shuffled) std::shuffle(places.begin(), places.end(), engine);
  return places;
}

void check_configuration(dim3 grid, dim3 block, size_t dynamic_shared_bytes) {
  const uint64_t threads_of_block = static_cast<uint64_t>(block.x) * block.y * block.z;
  const auto text = [](dim3 d) {
    return "(" + std::to_string(d.x) + "," + std::to_string(d.y) + "," + std::to_string(d.z) + ")";
  };
  if (threads_of_block == 0 || threads_of_block > 1024 || block.z > 64) {
    violation("block " + text(block) + " needs 1 to 1024 threads, and at most 64 along z");
  }
  if (grid.x == 0 || grid.y == 0 || grid.z == 0 || grid.x > 0x7fffffffu || grid.y > 65535 || grid.z > 65535) {
    violation("grid " + text(grid) + " needs at least one block, and at most 65535 along y and z");
  }
  if (dynamic_shared_bytes > most_shared_bytes()) {
    violation("a block may have " + std::to_string(most_shared_bytes()) + " bytes of shared memory, not " +
              std::to_string(dynamic_shared_bytes));
  }
}

}  // namespace

void set_order(Order new_order) {
  order = new_order;
  engine.seed(1);
}

Order present_order() { return order; }

const char* name_of(Order which) {
  return which == Order::forward ? "forward" : which == Order::reverse ? "reverse" : "shuffled";
}

void violation(const std::string& what) {
  if (running == nullptr) throw Violation(what + place());
  error = what + place();
  running->fiber.suspend_for_good();
}

// CUDA C++ Programming Guide, "Technical Specifications per Compute Capability".
size_t most_shared_bytes() {
  const int capability = faults().capability;
  const bool data_center = capability == 80 || (capability >= 90 && capability < 120);
  const int kib = capability < 80 ? 64 : !data_center ? 99 : capability == 80 ? 163 : 227;
  return static_cast<size_t>(kib) << 10;
}

void launch(dim3 grid, dim3 block, size_t dynamic_shared_bytes, const std::function<void()>& kernel) {
  if (running != nullptr) violation("a kernel launched a kernel");
  ++faults().launches;
  if (faults().lost()) return;
  faults().passed += faults().slowness;
  current = {grid, block, dim3(0, 0, 0)};
  check_configuration(grid, block, dynamic_shared_bytes);
  error.clear();
  body = &kernel;
  const unsigned count = block.x * block.y * block.z, blocks = grid.x * grid.y * grid.z;
  while (threads.size() < count) threads.emplace_back();
  for (unsigned i = 0; i < count; ++i) {
    threads[i].linear = i;
    threads[i].index = dim3(i % block.x, i / block.x % block.y, i / (block.x * block.y));
  }
  const SharedMemory shared(dynamic_shared_bytes);
  std::vector<Thread*> thread_order;
  for (unsigned b : in_order(blocks)) {
    current.block_index = dim3(b % grid.x, b / grid.x % grid.y, b / (grid.x * grid.y));
    begin_block();
    thread_order.clear();
    for (unsigned i : in_order(count)) thread_order.push_back(&threads[i]);
    run_block(count, thread_order);
    end_block();
  }
}

void barrier(int line) {
  running->barrier_line = line;
  running->state = State::at_barrier;
  ++waiting;
  running->fiber.suspend();
}

void collective(uint32_t mask, void* slot, const std::function<void(const Lanes&)>& combine, int line) {
  const unsigned warp = running->linear / 32;
  if (!(mask >> lane() & 1)) violation("a lane takes part in a collective whose mask leaves it out");
  std::vector<Pending>& of_warp = pending[warp];
  size_t at = 0;
  while (at < of_warp.size() && (of_warp[at].mask != mask || of_warp[at].line != line)) ++at;
  if (at == of_warp.size()) of_warp.push_back({mask, 0, line, {}, &combine});
  of_warp[at].arrived |= 1u << lane();
  of_warp[at].lanes.slots[lane()] = slot;
  running->state = State::in_collective;
  if (!try_complete(warp, at)) running->fiber.suspend();
}

}  // namespace simt

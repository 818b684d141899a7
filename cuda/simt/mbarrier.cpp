#include "mbarrier.h"

#include <string>
#include <vector>

#include "async_lines.h"
#include "clocks.h"
#include "launch.h"

namespace simt {
namespace {

struct Barrier {
  uint32_t address;
  int arrivals, pending;  // of a phase; of the present one
  int64_t bytes = 0;      // expected, less those that have come
  uint32_t ended = 0;     // phases
  int maker;              // the warp that made it, and when
  uint32_t made;
  bool published = false;
  Clock arriving = {}, seen = {};  // what the present phase publishes; what all ended ones have
};

std::vector<Barrier> barriers;  // an mbarrier's place, after the warps, is its number as an actor

int warp() { return static_cast<int>(running->linear) / 32; }

int actor_of(const Barrier& barrier) { return kWarps + static_cast<int>(&barrier - barriers.data()); }

Barrier* find(uint32_t address) {
  for (Barrier& b : barriers) {
    if (b.address == address) return &b;
  }
  return nullptr;
}

Barrier& use(uint32_t address, const char* who) {
  Barrier* barrier = find(address);
  if (barrier == nullptr) violation(std::string(who) + " uses an mbarrier that was not made");
  if (barrier->maker != warp() && clock_of(warp()).of(barrier->maker) < barrier->made)
    violation(std::string(who) + " may use an mbarrier before it is made");
  return *barrier;
}

void end_phase_if_complete(Barrier& barrier) {
  if (barrier.pending > 0 || barrier.bytes != 0) return;
  ++barrier.ended;
  barrier.pending = barrier.arrivals;
  barrier.seen.join(barrier.arriving);
  barrier.seen.see(actor_of(barrier), barrier.ended);
  barrier.arriving = {};
}

void arrive(uint32_t address, int bytes) {
  Barrier& barrier = use(address, "an arrival");
  if (barrier.pending == 0) violation("more threads arrive at an mbarrier than its phase has");
  barrier.bytes += bytes;
  --barrier.pending;
  barrier.arriving.join(release(warp()));
  end_phase_if_complete(barrier);
}

}  // namespace

void mbarriers_begin_block() { barriers.clear(); }

void mbarriers_end_block() {
  for (const Barrier& b : barriers) {
    if (b.bytes != 0) violation("an mbarrier still expects " + std::to_string(b.bytes) + " bytes at a block's end");
  }
}

bool any_mbarrier() { return !barriers.empty(); }

bool mbarrier_passes(const Thread& waiting) {
  Barrier& barrier = *find(waiting.mbarrier);
  if (barrier.ended % 2 == waiting.parity) return false;
  clock_of(static_cast<int>(waiting.linear) / 32).join(barrier.seen);
  return true;
}

Phase phase_of(uint32_t address, const char* who) {
  const Barrier& barrier = use(address, who);
  if (!barrier.published) violation(std::string(who) + " uses an mbarrier that was not published to the async proxy");
  return {address, barrier.ended};
}

int bytes_come(const Phase& phase, int bytes) {
  Barrier& barrier = *find(phase.barrier);
  if (barrier.ended != phase.number)
    violation("an mbarrier's phase ended before all its bytes had come: it expected too few");
  barrier.bytes -= bytes;
  end_phase_if_complete(barrier);
  return actor_of(barrier);
}

}  // namespace simt

namespace selvage::cuda {

using simt::running;

void barrier_init(uint32_t address, int arrivals) {
  if (address % 8 != 0) simt::violation("misaligned mbarrier");
  if (simt::find(address) != nullptr) simt::violation("an mbarrier is made twice");
  if (arrivals < 1 || arrivals >= 1 << 20) simt::violation("an mbarrier of " + std::to_string(arrivals) + " arrivals");
  simt::shared_pointer(address, 8);
  simt::barriers.push_back({address, arrivals, arrivals, 0, 0, simt::warp(), simt::now(simt::warp())});
}

void publish_barriers() {
  for (simt::Barrier& b : simt::barriers) b.published = b.published || b.maker == simt::warp();
}

void barrier_arrive(uint32_t barrier) { simt::arrive(barrier, 0); }
void barrier_arrive_expecting(uint32_t barrier, int bytes) { simt::arrive(barrier, bytes); }

void barrier_wait(uint32_t barrier, uint32_t parity) {
  simt::use(barrier, "a wait");
  running->mbarrier = barrier;
  running->parity = parity;
  if (simt::mbarrier_passes(*running)) return;
  running->state = simt::State::at_mbarrier;
  running->fiber.suspend();
}

void fence_async_proxy() { simt::line_fence(simt::warp()); }

}  // namespace selvage::cuda

// Who comes after whom, where threads wait for mbarriers and not only for each other.
//
// A warp's count goes up with each of its releases: arrivals at mbarriers and barriers. An mbarrier's is the number of
// phases that have ended. A warp's clock says how far it has seen each of them come. What a warp did at its own count c
// comes before what another warp does if that one's clock has seen c.
#pragma once

#include <cstdint>
#include <vector>

namespace simt {

class Clock {
 public:
  uint32_t of(int actor) const { return actor < static_cast<int>(seen_.size()) ? seen_[actor] : 0; }
  void see(int actor, uint32_t count) {
    if (actor >= static_cast<int>(seen_.size())) seen_.resize(actor + 1);
    if (seen_[actor] < count) seen_[actor] = count;
  }
  void join(const Clock& other) {
    for (int actor = 0; actor < static_cast<int>(other.seen_.size()); ++actor) see(actor, other.seen_[actor]);
  }

 private:
  std::vector<uint32_t> seen_;
};

constexpr int kWarps = 32;  // actors below it are warps, those from it on mbarriers

void clocks_begin_block();
void clocks_barrier();  // __syncthreads
Clock& clock_of(int warp);
uint32_t now(int warp);          // the count of what the warp does next
const Clock& release(int warp);  // publishes what the warp did: its clock, which includes that

}  // namespace simt

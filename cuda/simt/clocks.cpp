#include "clocks.h"

#include <array>

namespace simt {
namespace {

std::array<Clock, kWarps> clocks;
std::array<uint32_t, kWarps> counts = [] {
  std::array<uint32_t, kWarps> ones;
  ones.fill(1);
  return ones;
}();

}  // namespace

void clocks_begin_block() {
  clocks.fill({});
  counts.fill(1);
}

Clock& clock_of(int warp) { return clocks[warp]; }
uint32_t now(int warp) { return counts[warp]; }

const Clock& release(int warp) {
  clocks[warp].see(warp, counts[warp]++);
  return clocks[warp];
}

void clocks_barrier() {
  Clock all;
  for (int warp = 0; warp < kWarps; ++warp) all.join(release(warp));
  clocks.fill(all);
}

}  // namespace simt

#include "async_lines.h"

#include <array>
#include <string>
#include <vector>

#include "clocks.h"
#include "launch.h"
#include "mbarrier.h"
#include "races.h"
#include "shared_memory.h"

namespace simt {
namespace {

constexpr int kBytes = 128, kNobody = -1;

struct Line {
  bool in_flight = false, written = false, copied = false;
  int barrier = kNobody;  // the mbarrier of the last copy to it, visible to those who have seen so many of its phases
  uint32_t phases = 0;
  int products = 0;                       // that read it now
  std::array<uint32_t, kWarps> read{};    // when each warp's last read ended
  std::array<uint32_t, kWarps> stored{};  // when each warp last stored to it
};

std::vector<Line> lines;  // those that were touched, by address / kBytes
std::array<uint32_t, kWarps> fences;

Line& line_at(uint32_t address) {
  if (lines.size() <= address / kBytes) lines.resize(address / kBytes + 1);
  return lines[address / kBytes];
}

std::string at(uint32_t address) { return " at shared address " + std::to_string(address / kBytes * kBytes); }

void check_copied(const Line& line, uint32_t address, int warp, const std::string& who) {
  if (line.in_flight) violation(who + " shared memory that a TMA copy has yet to write" + at(address));
  if (line.copied && clock_of(warp).of(line.barrier) < line.phases)
    violation(who + " what a TMA copy wrote, without a wait for its mbarrier" + at(address));
}

void check_not_read(const Line& line, uint32_t address, int warp, const std::string& who) {
  if (line.products > 0) violation(who + " what a wgmma may still read" + at(address));
  for (int reader = 0; reader < kWarps; ++reader) {
    if (reader != warp && line.read[reader] > clock_of(warp).of(reader))
      violation(who + " what warp " + std::to_string(reader) + " may still read" + at(address));
  }
}

void check_stores(const Line& line, uint32_t address, int warp, const std::string& who) {
  for (int writer = 0; writer < kWarps; ++writer) {
    if (line.stored[writer] > fences[writer])
      violation(who + " what was stored without a fence of the async proxy" + at(address));
    if (writer != warp && line.stored[writer] > clock_of(warp).of(writer))
      violation(who + " what warp " + std::to_string(writer) + " may not have stored yet" + at(address));
  }
}

template <typename Visit>
void for_lines(uint32_t address, size_t bytes, const Visit& visit) {
  for (uint32_t a = address / kBytes * kBytes; a < address + bytes; a += kBytes) visit(line_at(a), a);
}

}  // namespace

void lines_begin_block() {
  lines.clear();
  fences.fill(0);
}

void line_copy_begins(uint32_t address, size_t bytes, int warp) {
  for_lines(address, bytes, [&](Line& line, uint32_t a) {
    check_copied(line, a, warp, "a TMA copy overwrites");
    check_not_read(line, a, warp, "a TMA copy overwrites");
    check_stores(line, a, warp, "a TMA copy overwrites");
    line.in_flight = true;
  });
}

void line_copy_ends(uint32_t address, size_t bytes, int barrier, uint32_t phases) {
  for_lines(address, bytes, [&](Line& line, uint32_t) {
    line.in_flight = false;
    line.written = line.copied = true;
    line.barrier = barrier;
    line.phases = phases;
  });
}

void line_product_begins(uint32_t address, int warp) {
  Line& line = line_at(address);
  check_copied(line, address, warp, "a wgmma reads");
  if (races_are_checked() && any_mbarrier() && !line.written)
    violation("a wgmma reads uninitialised shared memory" + at(address));
  check_stores(line, address, warp, "a wgmma reads");
  ++line.products;
}

void line_product_ends(uint32_t address, int warp) {
  Line& line = line_at(address);
  --line.products;
  line.read[warp] = now(warp);
}

void line_read(const Thread& thread, const void* address, size_t bytes) {
  if (!any_mbarrier() || !is_shared(address)) return;
  const int warp = static_cast<int>(thread.linear) / 32;
  for_lines(shared_address(address), bytes, [&](Line& line, uint32_t a) {
    check_copied(line, a, warp, "a thread reads");
    line.read[warp] = now(warp);
  });
}

void line_store(const Thread& thread, const void* address, size_t bytes) {
  if (!any_mbarrier() || !is_shared(address)) return;
  const int warp = static_cast<int>(thread.linear) / 32;
  for_lines(shared_address(address), bytes, [&](Line& line, uint32_t a) {
    check_copied(line, a, warp, "a thread overwrites");
    if (line.products > 0) violation("a thread overwrites what a wgmma may still read" + at(a));
    line.written = true;
    line.stored[warp] = now(warp);
  });
}

// What the warp stores from now on has a later count than what it has stored.
void line_fence(int warp) {
  fences[warp] = now(warp);
  release(warp);
}

}  // namespace simt

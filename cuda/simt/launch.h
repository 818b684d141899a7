// Runs a kernel on the CPU: block by block, each CUDA thread a fiber that runs until it waits for others.
//
// What a GPU would answer with wrong numbers or a hang is a Violation thrown by the launch: a barrier that not all
// threads reach or that they reach in different places, warp collectives without all their lanes, misaligned or
// out-of-range copies, copies still in flight at a thread's end, launch configurations that no GPU accepts, and, where
// they are checked (see races.h), races and uninitialised reads in shared memory. Blocks and threads run in one of
// three orders: what is right in all of them does not lean on any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "fiber.h"
#include "types.h"

namespace simt {

enum class Order { forward, reverse, shuffled };
void set_order(Order order);
Order present_order();
const char* name_of(Order order);

class Violation : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Ends the launch with a Violation that names the block and thread it happened in.
[[noreturn]] void violation(const std::string& what);

enum class State : uint8_t { ready, at_barrier, in_collective, at_mbarrier, done };

struct AsyncCopy {
  void* to;
  const void* from;  // nullptr: zeros
  int bytes;
};

struct Thread {
  Fiber fiber;
  dim3 index;
  unsigned linear = 0;
  State state = State::done;
  int barrier_line = 0;
  unsigned warp_syncs = 0;            // collectives taken part in: orders shared memory within a warp
  std::vector<AsyncCopy> copies;      // in flight, oldest first
  std::vector<size_t> copy_groups;    // of those that are committed, the end of each group
  uint32_t mbarrier = 0, parity = 0;  // what the thread waits for in State::at_mbarrier
};

struct Launch {
  dim3 grid, block, block_index;
};

extern Thread* running;  // nullptr outside kernels
extern Launch current;

inline unsigned lane() { return running->linear % 32; }

size_t most_shared_bytes();  // of a block, by the compute capability

void launch(dim3 grid, dim3 block, size_t dynamic_shared_bytes, const std::function<void()>& kernel);

// What the lanes of one collective brought: pointers to variables on their own stacks, nullptr where a lane has no
// part.
struct Lanes {
  void* slots[32] = {};
  template <typename Slot>
  Slot* at(unsigned lane) const {
    return static_cast<Slot*>(slots[lane]);
  }
};
// Waits for every lane of mask that has not ended; the last to come runs combine, which may write to everyone's slot.
void collective(uint32_t mask, void* slot, const std::function<void(const Lanes&)>& combine, int line);

void barrier(int line);

}  // namespace simt

#define threadIdx (::simt::running->index)
#define blockIdx (::simt::current.block_index)
#define blockDim (::simt::current.block)
#define gridDim (::simt::current.grid)
inline void __syncthreads(int line = __builtin_LINE()) { ::simt::barrier(line); }
inline void __threadfence() {}

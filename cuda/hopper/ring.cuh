// The pipeline of the products on compute capability 9.0.
//
// A block has three warpgroups. One thread of the last fills a ring of four slices of A and B in shared memory by TMA:
// boxes of 64 rows of 128 bytes, 64 values of 16 bits, of the depth for A [128 rows] and of the depth's 64 rows for B.
// The other two multiply, each 64 rows of the tile, 64 x 256 or 64 x 128, whose sums they hold in registers. Each slice
// has two mbarriers: `full` counts its bytes, `empty` the eight warps that have read it. A block computes one tile
// after the other, so that the ring is filled for the next tile while the sums of one are written.
//
// A lies with the depth as its inner axis, or turned, with the rows as its inner axis; B always with the columns.
//
// Deterministic: an element of a part is summed by one thread, in the order of the depth, and sizes alone decide on the
// parts. How many blocks there are does not change a sum.
#pragma once

#include "common/kernel.cuh"
#include "gemm/gather_gemm.cuh"
#include "hopper/async.cuh"

namespace selvage::cuda {

constexpr int kSlices = 4;                 // in the ring
constexpr int kWide = 64;                  // values of a box's row
constexpr int kBoxBytes = 64 * 2 * kWide;  // a swizzled box
constexpr int kMultiplying = 2;            // warpgroups; one more copies
constexpr int kWgmmaThreads = 128 * (kMultiplying + 1);
// Of a thread that copies and of one that multiplies: together no more than the 168 that each has at first.
constexpr int kFewRegisters = 40, kManyRegisters = 232;
static_assert(kFewRegisters + kMultiplying * kManyRegisters <= 3 * 168);

template <int kColumns_>
struct WgmmaTile {
  static constexpr int kRows = 64 * kMultiplying, kColumns = kColumns_, kSums = kColumns / 2;
  static constexpr int kBoxesA = kRows / 64, kBoxesB = kColumns / 64;
  static constexpr int kSliceBytes = (kBoxesA + kBoxesB) * kBoxBytes;
  static constexpr int kBytes = kSlices * kSliceBytes + 16 * kSlices + 1023;  // barriers, and room to begin at 1024
};

// The tiles of a product, and the parts of its depth, in slices.
struct WgmmaWork {
  int across, down, parts, steps, steps_of_part;
  __host__ __device__ int items() const { return across * down * parts; }
};
struct WgmmaItem {
  int row, column, part, first, steps;  // tiles, and slices of the depth
  __device__ __forceinline__ WgmmaItem(const WgmmaWork& work, int item) {
    column = item % work.across;
    row = item / work.across % work.down;
    part = item / work.across / work.down;
    first = part * work.steps_of_part;
    steps = work.steps - first < work.steps_of_part ? work.steps - first : work.steps_of_part;
  }
};

// Where the ring lies in the shared window.
template <class Tile>
class RingPlaces {
 public:
  __device__ __forceinline__ explicit RingPlaces(const void* shared)
      : barriers_(shared_address(shared)), slices_((barriers_ + 16 * kSlices + 1023) / 1024 * 1024) {}
  __device__ __forceinline__ uint32_t full(int slot) const { return barriers_ + 16 * slot; }
  __device__ __forceinline__ uint32_t empty(int slot) const { return barriers_ + 16 * slot + 8; }
  __device__ __forceinline__ uint32_t slice(int slot) const { return slices_ + slot * Tile::kSliceBytes; }

 private:
  uint32_t barriers_, slices_;
};

// A slot of the ring and the parity of the phase in which it is filled.
struct RingTurn {
  int slot = 0;
  uint32_t parity = 0;
  __device__ __forceinline__ void advance() {
    if (++slot < kSlices) return;
    slot = 0;
    parity ^= 1;
  }
};

// A matrix whose boxes of 128-byte rows are swizzled: `leading` bytes from one box to the next along the inner axis,
// 1024 from eight rows to the next eight.
__device__ __forceinline__ uint64_t swizzled_matrix(uint32_t address, int leading) {
  return static_cast<uint64_t>((address & 0x3ffff) >> 4) | static_cast<uint64_t>(leading >> 4) << 16 |
         static_cast<uint64_t>(1024 >> 4) << 32 | static_cast<uint64_t>(1) << 62;
}

template <bool kTurnedA, int kCount>
__device__ __forceinline__ void multiply_matrices(MathBf16, float (&sums)[kCount], uint64_t a, uint64_t b) {
  wgmma_bf16<kTurnedA, true>(sums, a, b);
}
template <bool kTurnedA, int kCount>
__device__ __forceinline__ void multiply_matrices(MathF16, float (&sums)[kCount], uint64_t a, uint64_t b) {
  wgmma_f16<kTurnedA, true>(sums, a, b);
}

// By one thread. loads.begin(item) turns to a tile; loads.copy(address, barrier, step) begins the copies of a slice.
template <class Tile, class Loads>
__device__ __forceinline__ void fill_ring(const RingPlaces<Tile>& ring, const WgmmaWork& work, Loads& loads) {
  RingTurn turn;
  for (int i = static_cast<int>(blockIdx.x); i < work.items(); i += static_cast<int>(gridDim.x)) {
    const WgmmaItem item(work, i);
    loads.begin(item);
    for (int step = item.first; step < item.first + item.steps; ++step) {
      barrier_wait(ring.empty(turn.slot), turn.parity ^ 1);  // the first time there is nothing to wait for
      barrier_arrive_expecting(ring.full(turn.slot), Tile::kSliceBytes);
      loads.copy(ring.slice(turn.slot), ring.full(turn.slot), step);
      turn.advance();
    }
  }
}

// By a warpgroup. results.finish(item, sums) takes the sums of each tile; before, results.read(item, b) may read each
// of its slices of B, while they are multiplied.
template <class Math, class Tile, bool kTurnedA, class Results>
__device__ __forceinline__ void multiply_ring(const RingPlaces<Tile>& ring, const WgmmaWork& work, Results& results) {
  const int group = static_cast<int>(threadIdx.x) / 128, lane = static_cast<int>(threadIdx.x) % 32;
  // From one product, 16 deep, to the next: along a swizzled row, or 16 rows on.
  constexpr int kNextA = kTurnedA ? 16 * 2 * kWide : 32, kNextB = 16 * 2 * kWide;
  RingTurn turn;
  for (int i = static_cast<int>(blockIdx.x); i < work.items(); i += static_cast<int>(gridDim.x)) {
    const WgmmaItem item(work, i);
    float sums[Tile::kSums];
#pragma unroll
    for (int k = 0; k < Tile::kSums; ++k) sums[k] = 0.0f;
    int before = 0;  // the slot of the slice before
    for (int step = 0; step < item.steps; ++step) {
      barrier_wait(ring.full(turn.slot), turn.parity);
      const uint32_t slice = ring.slice(turn.slot), slice_of_b = slice + Tile::kBoxesA * kBoxBytes;
      const uint64_t a = swizzled_matrix(slice + group * kBoxBytes, kBoxBytes);
      const uint64_t b = swizzled_matrix(slice_of_b, kBoxBytes);
      keep_in_registers(sums);
      wgmma_fence();
#pragma unroll
      for (int k = 0; k < kWide / 16; ++k) {
        multiply_matrices<kTurnedA>(Math{}, sums, a + (k * kNextA >> 4), b + (k * kNextB >> 4));
      }
      wgmma_commit();
      results.read(item, slice_of_b);
      keep_in_registers(sums);
      wgmma_wait<1>();  // the slice before has been multiplied
      __syncwarp();     // and read by all lanes
      if (step > 0 && lane == 0) barrier_arrive(ring.empty(before));
      before = turn.slot;
      turn.advance();
    }
    wgmma_wait<0>();
    keep_in_registers(sums);
    __syncwarp();
    if (lane == 0) barrier_arrive(ring.empty(before));
    results.finish(item, sums);
  }
}

// The whole block. Each item has at least one step.
template <class Math, class Tile, bool kTurnedA, class Loads, class Results>
__device__ __forceinline__ void run_warpgroups(const void* shared, const WgmmaWork& work, Loads& loads,
                                               Results& results) {
  const RingPlaces<Tile> ring(shared);
  if (threadIdx.x == 0) {
    for (int slot = 0; slot < kSlices; ++slot) {
      barrier_init(ring.full(slot), 1);
      barrier_init(ring.empty(slot), 4 * kMultiplying);
    }
    publish_barriers();
  }
  __syncthreads();
  if (static_cast<int>(threadIdx.x) >= 128 * kMultiplying) {
    give_registers<kFewRegisters>();
    if (threadIdx.x == 128 * kMultiplying) fill_ring(ring, work, loads);
  } else {
    take_registers<kManyRegisters>();
    multiply_ring<Math, Tile, kTurnedA>(ring, work, results);
  }
}

// body(WgmmaTile{}) with the tile for C [rows,columns]: 256 columns where they are filled as well as 128 and there are
// enough tiles.
template <class Body>
void with_wgmma_tile(int rows, int columns, const Body& body) {
  if (tiles(columns, 256) * 2 == tiles(columns, 128) && tiles(rows, 128) * tiles(columns, 256) >= wanted_blocks / 2) {
    body(WgmmaTile<256>{});
  } else {
    body(WgmmaTile<128>{});
  }
}

// So many tiles of a product that is `steps` slices deep, divided where they are too few for the multiprocessors, of
// which a block fills one.
inline WgmmaWork divide_work(int down, int across, int steps) {
  const SplitK split(steps, 2 * across * down);
  return {across, down, split.count, steps, split.steps};
}

inline int multiprocessors() {
  int device = 0, count = 0;
  check_cuda(cudaGetDevice(&device), "multiprocessors");
  check_cuda(cudaDeviceGetAttribute(&count, cudaDevAttrMultiProcessorCount, device), "multiprocessors");
  return count;
}

inline unsigned blocks_of(const WgmmaWork& work) {
  const int most = multiprocessors();
  return static_cast<unsigned>(work.items() < most ? work.items() : most);
}

}  // namespace selvage::cuda

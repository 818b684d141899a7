// The outer part of every matrix product, and which tile it takes.
//
// A ring of four slices of A and B in shared memory: while the tensor cores multiply one, cp.async fills the one that
// was multiplied before, and two more are there or on their way. The copies of a slice are spread among its products,
// and have no branches: what lies outside arrives as zeros. A branch would end the compiler's basic block, so that all
// copies of a slice would be issued before its first product.
#pragma once

#include "gemm/tile.cuh"

namespace selvage::cuda {

constexpr int kStages = 4;  // slices of the depth in the ring

template <typename T, class Tile, bool kLeftAlongDepth>
struct Ring {
  using StageA = Stage<T, Tile::kRows, kLeftAlongDepth>;
  using StageB = Stage<T, Tile::kColumns, false>;
  static constexpr int kElements = StageA::kElements + StageB::kElements;  // of a slice
  static constexpr int kBytes = kStages * kElements * static_cast<int>(sizeof(T));
};

// Whether a block can have the ring's memory. On sm_75 no block can have the largest tile's, so that its kernels, which
// are never started there, may be empty.
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 800
template <class Ring>
constexpr bool kHasRoom = Ring::kBytes <= 64 << 10;
#else
template <class Ring>
constexpr bool kHasRoom = true;
#endif

// tile = the sum of `steps` slices of A and B.
//
// Copies: kCount copies of 16 bytes by this thread make its share of a slice; copy(i, a, b) begins the ith, to the
// slice that is staged at a and b, and advance() goes on to the next slice. Slices from `steps` on are never read:
// their copies should have nothing to copy. Before a slice is multiplied, staged(b) may read its B.
template <class Math, class Ring, class Tile, class Copies, class Staged>
__device__ __forceinline__ void run_pipeline(Tile& tile, typename Math::Element* shared, int steps, Copies& copies,
                                             const Staged& staged) {
  const auto copy_to = [&](int i, int slot) {
    auto* const a = shared + slot * Ring::kElements;
    copies.copy(i, a, a + Ring::StageA::kElements);
  };
  tile.clear();
#pragma unroll
  for (int slot = 0; slot < kStages - 1; ++slot) {
#pragma unroll
    for (int i = 0; i < Copies::kCount; ++i) copy_to(i, slot);
    copies.advance();
    commit_copies();
  }
  for (int step = 0; step < steps; ++step) {
    wait_copies<kStages - 2>();
    __syncthreads();  // this slice is there for all, and all are done with the one that is filled next
    const auto* const a = shared + step % kStages * Ring::kElements;
    staged(a + Ring::StageA::kElements);
    multiply<typename Ring::StageA, typename Ring::StageB, Copies::kCount>(
        Math{}, tile, a, a + Ring::StageA::kElements, [&](int i) { copy_to(i, (step + kStages - 1) % kStages); });
    copies.advance();
    commit_copies();
  }
  wait_copies<0>();
}

inline int tiles(int length, int of) { return (length + of - 1) / of; }

// body(Tile{}) with the tile for C [rows,columns]: the largest that C fills by more than half and that makes
// fewest_blocks or more; the huge one only where a block may have the memory of its ring.
template <class Math, bool kLeftAlongDepth, class Body>
void with_tile(int rows, int columns, int fewest_blocks, const Body& body) {
  const auto suits = [&](int tile_rows, int tile_columns) {
    return 2 * rows > tile_rows && (tile_columns == 64 || 2 * columns > tile_columns) &&
           tiles(rows, tile_rows) * tiles(columns, tile_columns) >= fewest_blocks;
  };
  if constexpr (sizeof(typename Math::Element) == 2) {
    if (suits(HugeTile::kRows, HugeTile::kColumns) &&
        Ring<typename Math::Element, HugeTile, kLeftAlongDepth>::kBytes <= most_shared()) {
      body(HugeTile{});
      return;
    }
  }
  if (suits(LargeTile::kRows, LargeTile::kColumns)) {
    body(LargeTile{});
  } else if (suits(NarrowTile::kRows, NarrowTile::kColumns)) {
    body(NarrowTile{});
  } else {
    body(SmallTile{});
  }
}

}  // namespace selvage::cuda

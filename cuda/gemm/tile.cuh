// The inner part of every matrix product: a block's tile of C [kRows,kColumns] += A B, with kDepth of the inner axis
// staged in shared memory at a time.
//
// A slice of the depth is 64 bytes wide whatever the type: 32 of bf16 and f16, 16 of float. In shared memory the
// 16-byte vectors of a row change places with each other by the row's number, which makes every copy, every ldmatrix
// and every fragment load free of bank conflicts without padding. Each thread holds its sums in mma's layout: of each
// 16x8 piece, rows g and g + 8 and columns 2 t and 2 t + 1, with g = lane / 4 and t = lane mod 4. The exact float path
// keeps the same layout, with plain multiply-adds in place of the tensor cores, so that everything around it is shared.
#pragma once

#include "common/elements.cuh"

namespace selvage::cuda {

// How products are formed: element type in memory, and tensor cores or plain float arithmetic.
struct MathBf16 {
  using Element = bf16;
};
struct MathF16 {
  using Element = f16;
};
struct MathTf32 {
  using Element = float;
};
struct MathExact {
  using Element = float;
};

template <typename T>
constexpr int kDepth = 64 / static_cast<int>(sizeof(T));

// A block's tile and a warp's share of it.
template <int kRows_, int kColumns_, int kWarpRows_, int kWarpColumns_>
struct Tile {
  static constexpr int kRows = kRows_, kColumns = kColumns_, kWarpRows = kWarpRows_, kWarpColumns = kWarpColumns_;
  static constexpr int kWarpsAcross = kColumns / kWarpColumns;
  static constexpr int kThreads = kRows / kWarpRows * kWarpsAcross * 32;
  static constexpr int kPiecesDown = kWarpRows / 16, kPiecesAcross = kWarpColumns / 8;

  float sums[kPiecesDown][kPiecesAcross][4];

  __device__ __forceinline__ void clear() {
#pragma unroll
    for (int i = 0; i < kPiecesDown; ++i) {
#pragma unroll
      for (int j = 0; j < kPiecesAcross; ++j) {
#pragma unroll
        for (int e = 0; e < 4; ++e) sums[i][j][e] = 0.0f;
      }
    }
  }
};

// The tiles of both kernels.
using HugeTile = Tile<256, 128, 64, 64>;  // bf16 and f16 only, and where shared memory has room for its ring
using LargeTile = Tile<128, 128, 64, 32>;
using NarrowTile = Tile<128, 64, 32, 32>;
using SmallTile = Tile<64, 64, 32, 32>;

// Blocks of a tile kernel that a multiprocessor should have room for: the compiler limits registers by it. Of the
// largest tile a block takes nearly all registers, and on sm_75 shared memory has room for one of any.
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 800
template <class Tile>
constexpr int kResidentBlocks = 1;
#else
template <class Tile>
constexpr int kResidentBlocks = Tile::kRows* Tile::kColumns > 128 * 128 ? 1 : 2;
#endif

// Where a thread's warp lies in the tile.
template <class Tile>
__device__ __forceinline__ int warp_row() {
  return static_cast<int>(threadIdx.x) / 32 / Tile::kWarpsAcross * Tile::kWarpRows;
}
template <class Tile>
__device__ __forceinline__ int warp_column() {
  return static_cast<int>(threadIdx.x) / 32 % Tile::kWarpsAcross * Tile::kWarpColumns;
}

// A staged operand: rows along the depth, [length][kDepth], or along C, [kDepth][length]. Vector v of a row lies at v
// xor the row's key. Eight places that a warp reads or writes at once then lie in all eight 16-byte columns of shared
// memory: a 16-byte column of eight rows (ldmatrix), eight vectors of a row, and of floats four rows of eight.
template <typename T, int kLength, bool kAlongDepth>
struct Stage {
  static constexpr int kElements = kLength * kDepth<T>;
  static constexpr bool kDepthIsInner = kAlongDepth;
  static_assert(kAlongDepth || kLength >= 8 * kVector<T>, "a key stays within a row");
  // Without signs, so that the compiler sees which bits a sum leaves as they are.
  static __device__ __forceinline__ unsigned at(unsigned place, unsigned depth) {
    const unsigned row = kAlongDepth ? place : depth, along = kAlongDepth ? depth : place;
    const unsigned key = kAlongDepth ? row / 2 % 4 : sizeof(T) == 2 ? row % 8 : row % 4 * 2;
    return row * (kAlongDepth ? kDepth<T> : kLength) + (along ^ key * kVector<T>);
  }
};

// A row of warps' sums on their way to y. Rows are eight floats longer than the tile's, so that the four rows that half
// a warp writes at once lie in different banks. Of every second 32 columns the fours change places in pairs: of eight
// lanes that read every second four, as for vectors of 16 bits, no two then meet in a bank.
template <class Tile>
struct SumStage {
  static constexpr int kLeading = Tile::kColumns + 8, kBytes = Tile::kWarpRows * kLeading * 4;
  static __device__ __forceinline__ int at(int row, int column) {
    return row * kLeading + (column ^ column / 32 % 2 * 4);
  }
};

// The 16x16 piece of A at (row, depth) as mma wants it.
template <class Stage, typename T>
__device__ __forceinline__ void load_left(uint32_t (&a)[4], const T* stage, int row, int depth) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
  if constexpr (Stage::kDepthIsInner) {
    load_matrix_x4(a, stage + Stage::at(row + lane % 16, depth + lane / 16 * 8));
  } else {
    load_matrix_x4_transposed(a, stage + Stage::at(row + lane / 8 % 2 * 8, depth + lane / 16 * 8 + lane % 8));
  }
}

// Two neighbouring 16x8 pieces of B at (depth, column), B staged along C.
template <class Stage, typename T>
__device__ __forceinline__ void load_right(uint32_t (&b0)[2], uint32_t (&b1)[2], const T* stage, int depth,
                                           int column) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
  uint32_t four[4];
  load_matrix_x4_transposed(four, stage + Stage::at(column + lane / 16 * 8, depth + lane / 8 % 2 * 8 + lane % 8));
  b0[0] = four[0];
  b0[1] = four[1];
  b1[0] = four[2];
  b1[1] = four[3];
}

// A row of products of 16 bits.
template <int kCount>
__device__ __forceinline__ void multiply_pieces(MathBf16, float (&sums)[kCount][4], const uint32_t (&a)[4],
                                                const uint32_t (&b)[kCount][2]) {
  mma_bf16(sums, a, b);
}
template <int kCount>
__device__ __forceinline__ void multiply_pieces(MathF16, float (&sums)[kCount][4], const uint32_t (&a)[4],
                                                const uint32_t (&b)[kCount][2]) {
  mma_f16(sums, a, b);
}

// tile += the staged slices of A and B. Meanwhile copy(i) is called for each i below kCopies, spread among the
// products.
template <class StageA, class StageB, int kCopies, class Math, class Tile, class Copy>
__device__ __forceinline__ void multiply(Math math, Tile& tile, const typename Math::Element* a,
                                         const typename Math::Element* b, const Copy& copy) {
  constexpr int kGroups = 2 * Tile::kPiecesDown;
  const int row = warp_row<Tile>(), column = warp_column<Tile>();
#pragma unroll
  for (int half = 0; half < 2; ++half) {
    uint32_t right[Tile::kPiecesAcross][2];
#pragma unroll
    for (int j = 0; j < Tile::kPiecesAcross; j += 2) {
      load_right<StageB>(right[j], right[j + 1], b, 16 * half, column + 8 * j);
    }
#pragma unroll
    for (int i = 0; i < Tile::kPiecesDown; ++i) {
      uint32_t left[4];
      load_left<StageA>(left, a, row + 16 * i, 16 * half);
      multiply_pieces(math, tile.sums[i], left, right);
      const int group = half * Tile::kPiecesDown + i;
#pragma unroll
      for (int c = group * kCopies / kGroups; c < (group + 1) * kCopies / kGroups; ++c) copy(c);
    }
  }
}

template <class StageA, class StageB, int kCopies, class Tile, class Copy>
__device__ __forceinline__ void multiply(MathTf32, Tile& tile, const float* a, const float* b, const Copy& copy) {
  const int lane = static_cast<int>(threadIdx.x) % 32, g = lane / 4, t = lane % 4;
  const int row = warp_row<Tile>() + g, column = warp_column<Tile>() + g;
#pragma unroll
  for (int c = 0; c < kCopies; ++c) copy(c);
#pragma unroll 1  // unrolled, the addresses of both halves need more registers than there are
  for (int depth = 0; depth < kDepth<float>; depth += 8) {
    uint32_t right[Tile::kPiecesAcross][2];
#pragma unroll
    for (int j = 0; j < Tile::kPiecesAcross; ++j) {
      right[j][0] = to_tf32(b[StageB::at(column + 8 * j, depth + t)]);
      right[j][1] = to_tf32(b[StageB::at(column + 8 * j, depth + t + 4)]);
    }
#pragma unroll
    for (int i = 0; i < Tile::kPiecesDown; ++i) {
      uint32_t left[4];
#pragma unroll
      for (int e = 0; e < 4; ++e) {
        left[e] = to_tf32(a[StageA::at(row + 16 * i + e % 2 * 8, depth + t + e / 2 * 4)]);
      }
      mma_tf32(tile.sums[i], left, right);
    }
  }
}

template <class StageA, class StageB, int kCopies, class Tile, class Copy>
__device__ __forceinline__ void multiply(MathExact, Tile& tile, const float* a, const float* b, const Copy& copy) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const int row = warp_row<Tile>() + lane / 4, column = warp_column<Tile>() + lane % 4 * 2;
#pragma unroll
  for (int c = 0; c < kCopies; ++c) copy(c);
#pragma unroll 1  // 128 multiply-adds; two at a time would need more registers than there are
  for (int depth = 0; depth < kDepth<float>; ++depth) {
    float2 right[Tile::kPiecesAcross];
#pragma unroll
    for (int j = 0; j < Tile::kPiecesAcross; ++j) {
      right[j] = *reinterpret_cast<const float2*>(b + StageB::at(column + 8 * j, depth));
    }
#pragma unroll
    for (int i = 0; i < Tile::kPiecesDown; ++i) {
#pragma unroll
      for (int half = 0; half < 2; ++half) {
        const float left = a[StageA::at(row + 16 * i + 8 * half, depth)];
#pragma unroll
        for (int j = 0; j < Tile::kPiecesAcross; ++j) {
          tile.sums[i][j][2 * half] += left * right[j].x;
          tile.sums[i][j][2 * half + 1] += left * right[j].y;
        }
      }
    }
  }
}

}  // namespace selvage::cuda

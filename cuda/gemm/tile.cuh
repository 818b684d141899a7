// The inner part of every matrix product: a block's tile of C [kRows,kColumns] += A B, with kDepth of the inner axis
// staged in shared memory at a time.
//
// An element of depth is 64 bytes wide whatever the type: 32 of bf16 and f16, 16 of float. Rows in shared memory are
// padded by 16 bytes (rows along the depth) or by 8 elements (rows along C), which makes every ldmatrix and every
// fragment load free of bank conflicts. Each thread holds its sums in mma's layout: of each 16x8 piece, rows g and g +
// 8 and columns 2 t and 2 t + 1, with g = lane / 4 and t = lane mod 4. The exact float path keeps the same layout, with
// plain multiply-adds in place of the tensor cores, so that everything around it is shared.
#pragma once

#include <type_traits>

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

constexpr int kStages = 3;  // slices of the depth in the ring that cp.async fills

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

// A staged operand: rows along the depth, [length][kDepth], or along C, [kDepth][length].
template <typename T, int kLength, bool kAlongDepth>
struct Stage {
  static constexpr int kLeading = kAlongDepth ? kDepth<T> + kVector<T> : kLength + 8;
  static constexpr int kElements = (kAlongDepth ? kLength : kDepth<T>)*kLeading;
  static constexpr bool kDepthIsInner = kAlongDepth;
  static __device__ __forceinline__ int at(int place, int depth) {
    return kAlongDepth ? place * kLeading + depth : depth * kLeading + place;
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
__device__ __forceinline__ void load_right(uint32_t (&b)[2][2], const T* stage, int depth, int column) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
  uint32_t four[4];
  load_matrix_x4_transposed(four, stage + Stage::at(column + lane / 16 * 8, depth + lane / 8 % 2 * 8 + lane % 8));
  b[0][0] = four[0];
  b[0][1] = four[1];
  b[1][0] = four[2];
  b[1][1] = four[3];
}

template <class Math, class Tile, class StageA, class StageB>
__device__ __forceinline__ void multiply_halves(Tile& tile, const typename Math::Element* a,
                                                const typename Math::Element* b) {
  const int row = warp_row<Tile>(), column = warp_column<Tile>();
#pragma unroll
  for (int depth = 0; depth < kDepth<typename Math::Element>; depth += 16) {
    uint32_t right[Tile::kPiecesAcross / 2][2][2];
#pragma unroll
    for (int j = 0; j < Tile::kPiecesAcross / 2; ++j) load_right<StageB>(right[j], b, depth, column + 16 * j);
#pragma unroll
    for (int i = 0; i < Tile::kPiecesDown; ++i) {
      uint32_t left[4];
      load_left<StageA>(left, a, row + 16 * i, depth);
#pragma unroll
      for (int j = 0; j < Tile::kPiecesAcross; ++j) {
        if constexpr (std::is_same_v<Math, MathBf16>) {
          mma_bf16(tile.sums[i][j], left, right[j / 2][j % 2]);
        } else {
          mma_f16(tile.sums[i][j], left, right[j / 2][j % 2]);
        }
      }
    }
  }
}

template <class Tile, class StageA, class StageB>
__device__ __forceinline__ void multiply_tf32(Tile& tile, const float* a, const float* b) {
  const int lane = static_cast<int>(threadIdx.x) % 32, g = lane / 4, t = lane % 4;
  const int row = warp_row<Tile>() + g, column = warp_column<Tile>() + g;
#pragma unroll
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
#pragma unroll
      for (int j = 0; j < Tile::kPiecesAcross; ++j) mma_tf32(tile.sums[i][j], left, right[j]);
    }
  }
}

template <class Tile, class StageA, class StageB>
__device__ __forceinline__ void multiply_exact(Tile& tile, const float* a, const float* b) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const int row = warp_row<Tile>() + lane / 4, column = warp_column<Tile>() + lane % 4 * 2;
#pragma unroll 2
  for (int depth = 0; depth < kDepth<float>; ++depth) {
    float right[Tile::kPiecesAcross][2];
#pragma unroll
    for (int j = 0; j < Tile::kPiecesAcross; ++j) {
      right[j][0] = b[StageB::at(column + 8 * j, depth)];
      right[j][1] = b[StageB::at(column + 8 * j + 1, depth)];
    }
#pragma unroll
    for (int i = 0; i < Tile::kPiecesDown; ++i) {
#pragma unroll
      for (int half = 0; half < 2; ++half) {
        const float left = a[StageA::at(row + 16 * i + 8 * half, depth)];
#pragma unroll
        for (int j = 0; j < Tile::kPiecesAcross; ++j) {
          tile.sums[i][j][2 * half] += left * right[j][0];
          tile.sums[i][j][2 * half + 1] += left * right[j][1];
        }
      }
    }
  }
}

// tile += the staged slices of A and B.
template <class Math, class Tile, class StageA, class StageB>
__device__ __forceinline__ void multiply(Tile& tile, const typename Math::Element* a, const typename Math::Element* b) {
  if constexpr (std::is_same_v<Math, MathExact>) {
    multiply_exact<Tile, StageA, StageB>(tile, a, b);
  } else if constexpr (std::is_same_v<Math, MathTf32>) {
    multiply_tf32<Tile, StageA, StageB>(tile, a, b);
  } else {
    multiply_halves<Math, Tile, StageA, StageB>(tile, a, b);
  }
}

}  // namespace selvage::cuda

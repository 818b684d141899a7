// Transposition of matrices, square by square.
#pragma once

#include "common/elements.cuh"

namespace selvage::cuda {

constexpr int kSide = 32, kSideLines = 8;  // of a square; the block has kSide x kSideLines threads

inline unsigned squares(int64_t length) { return static_cast<unsigned>((length + kSide - 1) / kSide); }

// The block turns the square of x [rows,columns] that begins at (row,column) over, eight lines at a time, through
// shared memory, so that reads and writes both run along rows. y [y_rows,y_columns], at least [columns,rows], gets
// zeros beyond.
template <typename To, typename From>
__device__ __forceinline__ void transpose_square(To* y, int y_rows, int y_columns, const From* x, int rows, int columns,
                                                 int row, int column) {
  SHARED(float[kSide][kSide + 1], square);
  const int across = static_cast<int>(threadIdx.x);
  for (int line = static_cast<int>(threadIdx.y); line < kSide; line += kSideLines) {
    const int r = row + line, c = column + across;
    square[line][across] = r < rows && c < columns ? to_float(x[static_cast<int64_t>(r) * columns + c]) : 0.0f;
  }
  __syncthreads();
  for (int line = static_cast<int>(threadIdx.y); line < kSide; line += kSideLines) {
    const int c = column + line, r = row + across;
    if (c < y_rows && r < y_columns) y[static_cast<int64_t>(c) * y_columns + r] = from_float<To>(square[across][line]);
  }
}

}  // namespace selvage::cuda

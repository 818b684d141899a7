// Loops over the rows of feature maps. The grid is (blocks along a row, rows), so that no thread divides to find its
// row.
#pragma once

#include <string>

#include "common/kernel.cuh"

namespace selvage::cuda {

// The grid for `rows` rows of `width` memory accesses each. Threads stride where either is larger than the grid.
inline dim3 row_grid(int64_t rows, int64_t width) {
  if (rows > INT32_MAX)
    throw Error(ErrorKind::unsupported, "maps of " + std::to_string(rows) + " rows are too large for the GPU");
  return dim3(blocks_for(width), static_cast<unsigned>(rows < 65535 ? rows : 65535));
}

// Calls body(row, i) for each i below width.
template <typename Body>
__device__ __forceinline__ void for_rows(int64_t rows, int width, const Body& body) {
  for (int64_t row = blockIdx.y; row < rows; row += gridDim.y) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < width; i += gridDim.x * blockDim.x) body(row, i);
  }
}

// A row of maps [N,height,..]: the map that it is of, and its place there. In 32 bits, for which row_grid() has looked,
// since a division of 64 takes some 100 instructions.
struct MapRow {
  int64_t map;
  int y;
};
__device__ __forceinline__ MapRow map_row(int64_t row, int height) {
  const int at = static_cast<int>(row);
  return {at / height, at % height};
}

}  // namespace selvage::cuda

// Loops over the lines of feature maps: grid (blocks along a line, lines), so that an element's line costs no division.
#pragma once

#include "common.cuh"

namespace selvage::cuda {

// For `lines` lines of `width` accesses each; threads stride where either is beyond the grid.
inline dim3 line_grid(int64_t lines, int64_t width) {
  return dim3(blocks_for(width), static_cast<unsigned>(lines < 65535 ? lines : 65535));
}

// body(line, i) for i below width.
template <typename Body>
__device__ __forceinline__ void for_lines(int64_t lines, int width, const Body& body) {
  for (int64_t line = blockIdx.y; line < lines; line += gridDim.y) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < width; i += gridDim.x * blockDim.x) body(line, i);
  }
}

}  // namespace selvage::cuda

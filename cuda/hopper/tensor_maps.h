// What TMA is told of the tensors that a product reads. Boxes are 64 elements wide, 128 bytes, and swizzled in shared
// memory as wgmma reads them.
#pragma once

#ifdef __CUDACC__
#include <cuda.h>
#else
#include "simt/driver.h"
#endif

#include "gemm/gather_gemm.cuh"

namespace selvage::cuda {

// Of bf16 or f16. Boxes of 64 rows by 64 columns of one of x's matrices [matrices,rows,columns].
template <typename T>
CUtensorMap rows_map(const T* x, int matrices, int rows, int columns);

// Boxes of 64 channels of so many pixels of the grid's source, one for each row of the grid, at one tap.
template <typename T>
CUtensorMap pixels_map(const T* source, const GatherGrid& grid, int pixels);

}  // namespace selvage::cuda

// GEMM whose inner axis runs over pixels; pixel_gemm.cu says how.
#pragma once

#include "gemm/gather_gemm.cuh"

namespace selvage::cuda {

// dw [taps,in,out] = the product for x and dy on the grid; in and out are the counts without padding. db [out] = the
// sums of dy's columns; it may be null.
template <class Math>
void launch_pixel_gemm(Tensor* dw, Tensor* db, GatherGrid grid, const typename Math::Element* x,
                       const typename Math::Element* dy, int columns, int in, int out);

// dw and db from the sums of the `count` parts of such a product, [count,rows,columns], added in order: rows are those
// of dw [taps,channels], and with db one more.
void finish_pixel_parts(Tensor* dw, Tensor* db, const GatherGrid& grid, const float* parts, int count, int columns,
                        int in, int out);

}  // namespace selvage::cuda

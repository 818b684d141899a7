// The matrix products on compute capability 9.0 alone: by warpgroups (wgmma), with operands that TMA brings. ring.cuh
// says how. Used only where it is asked for, until a device has passed doctor with it.
#pragma once

#include "gemm/gather_gemm.cuh"

namespace selvage::cuda {

// What the environment variable SELVAGE_WGMMA says: 0 or nothing, 1, all.
enum class WgmmaUse { never, where_it_pays, wherever_it_can };
WgmmaUse wgmma_use();          // throws for a word that it does not know
void set_wgmma_use(WgmmaUse);  // for tests

// Whether this path takes the product with that grid and so many columns, in bf16 or f16.
bool wgmma_takes(const GatherGrid& grid, int columns);

// launch_gather_gemm and launch_pixel_gemm by this path.
template <class Math>
void launch_gather_wgmma(const GatherGrid& grid, const typename Math::Element* source,
                         const typename Math::Element* weights, int weight_columns, const Epilogue& epilogue);
template <class Math>
void launch_pixel_wgmma(Tensor* dw, Tensor* db, const GatherGrid& grid, const typename Math::Element* x,
                        const typename Math::Element* dy, int columns, int in, int out);

}  // namespace selvage::cuda

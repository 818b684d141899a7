// What is done to the sums of a product before they are y: gather_gemm.cu says what.
#pragma once

#include "common/vector_io.cuh"
#include "gemm/gather_gemm.cuh"

namespace selvage::cuda {

// The pixel of y that a row is.
__device__ __forceinline__ int64_t pixel_of(const GatherGrid& g, int row) {
  const int line = row / g.rows_w;
  const int y = line % g.rows_h * g.out_step + g.out_y, x = row % g.rows_w * g.out_step + g.out_x;
  return (static_cast<int64_t>(line / g.rows_h) * g.out_h + y) * g.out_w + x;
}

// y = relu?(sums + bias + residual) where the mask is positive, for one row of a tile, from `column` on.
template <typename Out>
__device__ __forceinline__ void finish_vector(const Epilogue& e, int64_t pixel, int column,
                                              const float (&sums)[kVector<Out>]) {
  Out* y = static_cast<Out*>(e.y) + pixel * e.columns;
  const Out* residual = static_cast<const Out*>(e.residual) + (e.residual == nullptr ? 0 : pixel * e.columns);
  const Out* mask = static_cast<const Out*>(e.mask) + (e.mask == nullptr ? 0 : pixel * e.columns);
  constexpr int kCount = kVector<Out>;
  const bool whole = e.width == kCount;
  float others[kCount] = {}, masks[kCount] = {}, results[kCount];
  if (whole && e.residual != nullptr) load(others, residual + column);
  if (whole && e.mask != nullptr) load(masks, mask + column);
#pragma unroll
  for (int i = 0; i < kCount; ++i) {
    const bool inside = whole || column + i < e.columns;
    float value = sums[i];
    if (e.bias != nullptr && inside) value += e.bias[column + i];
    if (e.residual != nullptr && inside) value += whole ? others[i] : to_float(residual[column + i]);
    if (e.mask != nullptr && inside && !((whole ? masks[i] : to_float(mask[column + i])) > 0)) value = 0.0f;
    results[i] = e.relu && value < 0 ? 0.0f : value;
    if (!whole && inside) y[column + i] = from_float<Out>(results[i]);
  }
  if (whole) store(y + column, results);
}

}  // namespace selvage::cuda

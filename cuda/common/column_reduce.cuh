// Sums over the rows of a matrix [rows, channels], one sum for each channel: bias gradients and batch statistics, and
// the gradients of folded batch norm.
//
// column_reduce_partials: block of 256 = 8 warps; a warp reads 32 neighbouring channels of a row at once, the 8 warps
// take every eighth row of the block's stretch, then add in order in shared memory. Grid (ceil(channels / 32),
// stretches): as many stretches as fill the GPU with 512 blocks, but none shorter than 32 rows. Bytes: the operands
// once, plus 8 kTerms channels stretches. Deterministic: sums in an order that sizes alone decide.
//
// Eight terms are added as floats, then their sum as a double. A GPU that is not made for data centers adds 2 doubles a
// clock and multiprocessor, a 64th of its floats: one for each term would take two to three times as long as reading
// the terms.
#pragma once

#include "common/kernel.cuh"

namespace selvage::cuda {

struct ColumnGrid {
  int64_t rows, channels;
  unsigned groups, stretches;
  ColumnGrid(int64_t row_count, int64_t channel_count) : rows(row_count), channels(channel_count) {
    groups = static_cast<unsigned>((channels + 31) / 32);
    const int64_t wanted = groups == 0 ? 1 : 512 / groups, most = rows / 32;
    stretches = static_cast<unsigned>(wanted < most ? (wanted < 1 ? 1 : wanted) : (most < 1 ? 1 : most));
  }
  dim3 grid() const { return dim3(groups, stretches); }
  int64_t partials(int terms) const { return terms * channels * stretches; }
};

constexpr int kFloatTerms = 8;  // that are added before their sum becomes a double

// A block's share of a matrix.
struct ColumnBlock {
  unsigned group, stretch, stretches;
};

// partial [stretches, kTerms, channels] = sums over the stretch's rows of term(offset, channel, sums).
template <int kTerms, typename Term>
__device__ __forceinline__ void add_columns(const ColumnBlock& block, int64_t rows, int64_t channels, const Term& term,
                                            double* partial) {
  SHARED(double[8 * kTerms * 32], of_warp);
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  const int64_t channel = static_cast<int64_t>(block.group) * 32 + lane;
  const int64_t end = rows * (block.stretch + 1) / block.stretches;
  double sums[kTerms] = {};
  if (channel < channels) {
    for (int64_t r = rows * block.stretch / block.stretches + warp; r < end;) {
      float chunk[kTerms] = {};
#pragma unroll
      for (int i = 0; i < kFloatTerms; ++i, r += 8) {
        if (r < end) term(r * channels + channel, channel, chunk);
      }
#pragma unroll
      for (int k = 0; k < kTerms; ++k) sums[k] += chunk[k];
    }
  }
#pragma unroll
  for (int k = 0; k < kTerms; ++k) of_warp[(warp * kTerms + k) * 32 + lane] = sums[k];
  __syncthreads();
  if (warp != 0 || channel >= channels) return;
#pragma unroll
  for (int k = 0; k < kTerms; ++k) {
    double total = 0;
    for (int w = 0; w < 8; ++w) total += of_warp[(w * kTerms + k) * 32 + lane];
    partial[(block.stretch * static_cast<int64_t>(kTerms) + k) * channels + channel] = total;
  }
}

template <int kTerms, typename Term>
__global__ void column_reduce_partials(int64_t rows, int64_t channels, Term term, double* partial) {
  add_columns<kTerms>({blockIdx.x, blockIdx.y, gridDim.y}, rows, channels, term, partial);
}

// A column's sum of term k.
template <int kTerms>
__device__ __forceinline__ double column_sum(const double* partial, unsigned stretches, int64_t channels, int k,
                                             int64_t channel) {
  double total = 0;
  for (unsigned s = 0; s < stretches; ++s) {
    total += partial[(s * static_cast<int64_t>(kTerms) + k) * channels + channel];
  }
  return total;
}

}  // namespace selvage::cuda

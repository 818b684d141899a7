// The kernels of all convolutions of a network, each tap's matrix [in,out] transposed and the taps in the order of
// TapGroups: what the data gradients multiply by (gemm/products.h). Arenas of any element type, of one layout; nothing
// is rounded or padded.
//
// Launch: blocks of 32 x 8 threads, one for each 32 x 128 of a tap's matrix, which it turns over in squares
// (common/transpose_square.cuh); a block finds its tap by its number in a table of some hundred rows. So a step
// transposes in one launch. Bytes: all kernels read and written once: 27 M values, 108 MB in 16 bits for ResNet-50 and
// the heads, 0.04 ms at 85% of an H100's 3.35 TB/s. Deterministic.
#include <vector>

#include "common/table_row.cuh"
#include "common/transpose_square.cuh"
#include "gemm/tap_groups.cuh"
#include "kernel_place.h"
#include "ops.h"

namespace selvage::cuda {
namespace {

constexpr int kStrip = 4 * kSide;  // columns of a block

// The matrix of a tap.
struct Tap {
  int64_t from, to;  // its places in the arenas
  int in, out;
  unsigned strips;       // across it
  unsigned first_block;  // counted over all taps
};

template <typename T>
__global__ void transpose_kernels_all(T* transposed, const T* w, const Tap* taps, int count) {
  const Tap tap = row_of_place(taps, count, blockIdx.x, [](const Tap& candidate) { return candidate.first_block; });
  const unsigned block = blockIdx.x - tap.first_block;
  const int row = static_cast<int>(block / tap.strips) * kSide, first = static_cast<int>(block % tap.strips) * kStrip;
  for (int column = first; column < first + kStrip && column < tap.out; column += kSide) {
    __syncthreads();  // the square before has been read
    transpose_square(transposed + tap.to, tap.out, tap.in, w + tap.from, tap.in, tap.out, row, column);
  }
}

}  // namespace

void transpose_kernels(Tensor* transposed, const Tensor* w, const int64_t* kernels, int64_t count) {
  std::vector<Tap> table;
  unsigned blocks = 0;
  for (int64_t i = 0; i < count; ++i) {
    const KernelPlace k(kernels + KernelPlace::kNumbers * i);
    const int64_t size = k.in * k.out;
    const auto strips = static_cast<unsigned>((k.out + kStrip - 1) / kStrip);
    const TapGroups groups{static_cast<int>(k.kh), static_cast<int>(k.kw), static_cast<int>(k.stride)};
    for (int tap = 0; size > 0 && tap < groups.kh * groups.kw; ++tap) {
      const int place = groups.place(tap / groups.kw, tap % groups.kw);
      table.push_back({k.offset + tap * size, k.offset + place * size, static_cast<int>(k.in), static_cast<int>(k.out),
                       strips, blocks});
      blocks += squares(k.in) * strips;
    }
  }
  if (table.empty()) return;
  const auto rows = static_cast<int64_t>(table.size());
  Uploaded<Tap> uploaded(table.data(), rows);
  with_type(common_type("transpose_kernels", {transposed, w}), [&](auto element) {
    using T = decltype(element);
    LAUNCH(transpose_kernels_all<T>, blocks, dim3(kSide, kSideLines), 0, transposed->as<T>(), w->as<T>(),
           uploaded.data(), static_cast<int>(rows));
  });
}

}  // namespace selvage::cuda

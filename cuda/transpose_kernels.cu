// The kernels of all convolutions of a network, each tap's matrix [in,out] transposed and the taps in the order of
// TapGroups: what the data gradients multiply by (gemm/products.h). Arenas of any element type, of one layout; nothing
// is rounded or padded.
//
// Launch: blocks of 32 x 8 threads, one for each square of 32 x 32 of a tap (common/transpose_square.cuh); a block
// finds its kernel by its number in a table of some sixty rows. So a step transposes in one launch. Bytes: all kernels
// read and written once: 27 M values, 108 MB in 16 bits for ResNet-50 and the heads, 0.04 ms at 85% of an H100's 3.35
// TB/s. Deterministic.
#include <vector>

#include "common/table_row.cuh"
#include "common/transpose_square.cuh"
#include "gemm/tap_groups.cuh"
#include "kernel_place.h"
#include "ops.h"

namespace selvage::cuda {
namespace {

struct Kernel {
  int64_t offset;
  TapGroups groups;
  int in, out;
  unsigned down, across;  // squares of a tap
  unsigned first_block;   // counted over all kernels
};

template <typename T>
__global__ void transpose_kernels_all(T* transposed, const T* w, const Kernel* kernels, int count) {
  const Kernel& kernel =
      row_of_place(kernels, count, blockIdx.x, [](const Kernel& candidate) { return candidate.first_block; });
  const unsigned block = blockIdx.x - kernel.first_block, line = block / kernel.across;
  const auto tap = static_cast<int>(line / kernel.down);
  const TapGroups groups = kernel.groups;
  const int64_t size = static_cast<int64_t>(kernel.in) * kernel.out;
  transpose_square(transposed + kernel.offset + groups.place(tap / groups.kw, tap % groups.kw) * size, kernel.out,
                   kernel.in, w + kernel.offset + tap * size, kernel.in, kernel.out,
                   static_cast<int>(line % kernel.down) * kSide, static_cast<int>(block % kernel.across) * kSide);
}

}  // namespace

void transpose_kernels(Tensor* transposed, const Tensor* w, const int64_t* kernels, int64_t count) {
  std::vector<Kernel> table;
  unsigned blocks = 0;
  for (int64_t i = 0; i < count; ++i) {
    const KernelPlace k(kernels + KernelPlace::kNumbers * i);
    if (k.end() == k.offset) continue;
    const TapGroups groups{static_cast<int>(k.kh), static_cast<int>(k.kw), static_cast<int>(k.stride)};
    table.push_back(
        {k.offset, groups, static_cast<int>(k.in), static_cast<int>(k.out), squares(k.in), squares(k.out), blocks});
    blocks += static_cast<unsigned>(k.kh * k.kw) * table.back().down * table.back().across;
  }
  if (table.empty()) return;
  const auto rows = static_cast<int64_t>(table.size());
  Uploaded<Kernel> uploaded(table.data(), rows);
  with_type(common_type("transpose_kernels", {transposed, w}), [&](auto element) {
    using T = decltype(element);
    LAUNCH(transpose_kernels_all<T>, blocks, dim3(kSide, kSideLines), 0, transposed->as<T>(), w->as<T>(),
           uploaded.data(), static_cast<int>(rows));
  });
}

}  // namespace selvage::cuda

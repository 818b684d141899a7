// Rows of a matrix by a list of indices: x [M,C], y [count,C], any of the element types; rows [count] from the host, -1
// for none.
//
// gather_rows_kernel: grid (along a row, rows), 16 bytes a thread where C and the addresses allow. Bytes: y twice.
// scatter_add_rows_kernel: a row may occur twice. A warp for each row of y and 128 channels (32 where C is no multiple
// of 4) looks through the whole list for its own row: the first owns it and adds the others in order
// (ordered_scatter.cuh). A list of 2,000 costs a warp 63 steps. Bytes: y once, touched rows of x twice. Deterministic:
// no atomics, the CPU's order.
#include "common/ordered_scatter.cuh"
#include "common/row_loop.cuh"
#include "common/vector_io.cuh"
#include "ops.h"

namespace selvage::cuda {
namespace {

template <typename T, int kWidth>
__global__ void gather_rows_kernel(T* y, const T* x, const int32_t* rows, int64_t count, int channels) {
  for_rows(count, channels / kWidth, [&](int64_t line, int i) {
    if (rows[line] < 0) return;
    float value[kWidth];
    load(value, x + static_cast<int64_t>(rows[line]) * channels + i * kWidth);
    store(y + line * channels + i * kWidth, value);
  });
}

template <typename T, int kWidth>
__global__ void scatter_add_rows_kernel(T* x, const T* y, const int32_t* rows, int64_t count, int channels) {
  const int64_t mine = global_thread() / 32;
  if (mine >= count) return;  // a whole warp
  const int channel = (static_cast<int>(blockIdx.y) * 32 + static_cast<int>(threadIdx.x) % 32) * kWidth;
  const int32_t row = rows[mine];
  if (row < 0) return;
  T* to = x + static_cast<int64_t>(row) * channels + channel;
  float sum[kWidth] = {};
  bool owner = false;
  for_same_target(
      mine, count, [=](int64_t j) { return rows[j] == row; },
      [&](int64_t j) {
        if (channel >= channels) return;
        if (!owner) load(sum, static_cast<const T*>(to));
        owner = true;
        float more[kWidth];
        load(more, y + j * channels + channel);
#pragma unroll
        for (int k = 0; k < kWidth; ++k) sum[k] += more[k];
      });
  if (owner) store(to, sum);
}

}  // namespace

void gather_rows(Tensor* y, const Tensor* x, const int32_t* rows, int64_t count) {
  if (y->size() == 0) return;
  const int channels = static_cast<int>(x->dim(1));
  Uploaded<int32_t> list(rows, count);
  with_type(common_type("gather_rows", {y, x}), [&](auto element) {
    using T = decltype(element);
    with_width<T>(channels, {y->as<T>(), x->as<T>()}, [&](auto width) {
      constexpr int kWidth = decltype(width)::value;
      LAUNCH((gather_rows_kernel<T, kWidth>), row_grid(count, channels / kWidth), kThreads, 0, y->as<T>(), x->as<T>(),
             list.data(), count, channels);
    });
  });
}

void scatter_add_rows(Tensor* x, const Tensor* y, const int32_t* rows, int64_t count) {
  if (y->size() == 0) return;
  const int channels = static_cast<int>(x->dim(1));
  Uploaded<int32_t> list(rows, count);
  with_type(common_type("scatter_add_rows", {x, y}), [&](auto element) {
    using T = decltype(element);
    with_width<T, 4>(channels, {x->as<T>(), y->as<T>()}, [&](auto width) {
      constexpr int kWidth = decltype(width)::value;
      const dim3 grid(static_cast<unsigned>((count + 7) / 8), (channels + 32 * kWidth - 1) / (32 * kWidth));
      LAUNCH((scatter_add_rows_kernel<T, kWidth>), grid, kThreads, 0, x->as<T>(), y->as<T>(), list.data(), count,
             channels);
    });
  });
}

}  // namespace selvage::cuda

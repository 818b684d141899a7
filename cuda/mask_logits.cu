// The mask head's last 1x1 convolution for one class a region: one of K channels is all that loss and result look at.
// x, dx [P,S,S,C] of any element type; y, dy [P,S,S], w, dw [C,K] and b, db [K] floats; class_ids [P].
//
// mask_logits_kernel: grid (stretches of 64 cells, regions), 8 warps. The block gathers its class' column of w into
// shared memory once for the stretch, then a warp takes a cell at a time: lanes 16 bytes of channels each, where C and
// the addresses allow, and a fixed tree of shuffles. Bytes: x once; 2 operations an element: memory is the limit.
//
// mask_logits_grad_kernel: the same grid and column, with z for groups of 32 lanes' channels. A warp takes every eighth
// cell, reads x once, writes dx = g w and keeps g x in registers; the warps' sums are added in order into partial [P,
// stretches, C]. mask_logits_grad_by_class, grid (groups of 32 channels, classes), then adds the partial sums of each
// class' regions: 8 warps take every eighth region. Bytes: x and dx once. Deterministic: no atomics, sums in fixed
// order.
#include "common/vector_io.cuh"
#include "ops.h"

namespace selvage::cuda {
namespace {

constexpr int kStretch = 64;  // cells of a block

struct Head {
  int64_t regions;
  int cells, channels, classes;
  Head(const Tensor* x, const Tensor* w)
      : regions(x->dim(0)),
        cells(static_cast<int>(x->dim(1) * x->dim(2))),
        channels(static_cast<int>(x->dim(3))),
        classes(static_cast<int>(w->dim(3))) {}
  unsigned stretches() const { return static_cast<unsigned>((cells + kStretch - 1) / kStretch); }
  int64_t column_bytes() const { return channels * static_cast<int64_t>(sizeof(float)); }
};

// Column `label` of w into shared memory; ends with a barrier.
__device__ __forceinline__ void load_column(float* column, const float* w, int label, const Head& s) {
  for (int c = threadIdx.x; c < s.channels; c += blockDim.x) {
    column[c] = w[static_cast<int64_t>(c) * s.classes + label];
  }
  __syncthreads();
}

template <typename T, int kWidth>
__global__ void mask_logits_kernel(float* y, const T* x, const float* w, const float* b, const float* class_ids,
                                   Head s) {
  DYNAMIC_SHARED(float, column);
  const int lane = threadIdx.x % 32, first = blockIdx.x * kStretch;
  for (int64_t region = blockIdx.y; region < s.regions; region += gridDim.y) {
    const int label = static_cast<int>(class_ids[region]);
    __syncthreads();
    load_column(column, w, label, s);
    for (int cell = first + threadIdx.x / 32; cell < s.cells && cell < first + kStretch; cell += 8) {
      const T* from = x + (region * s.cells + cell) * s.channels;
      float sum = 0;
      for (int c = lane * kWidth; c < s.channels; c += 32 * kWidth) {
        float value[kWidth];
        load(value, from + c);
#pragma unroll
        for (int k = 0; k < kWidth; ++k) sum += value[k] * column[c + k];
      }
      for (int step = 16; step > 0; step /= 2) sum += __shfl_xor_sync(kAllLanes, sum, step);
      if (lane == 0) y[region * s.cells + cell] = sum + b[label];
    }
  }
}

template <typename T, int kWidth>
__global__ void mask_logits_grad_kernel(T* dx, float* partial, const float* dy, const T* x, const float* w,
                                        const float* class_ids, Head s) {
  SHARED(float[8 * 32 * kWidth], of_warp);
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32, first = blockIdx.x * kStretch;
  const int channel = (static_cast<int>(blockIdx.z) * 32 + lane) * kWidth;
  for (int64_t region = blockIdx.y; region < s.regions; region += gridDim.y) {
    const int label = static_cast<int>(class_ids[region]);
    float column[kWidth] = {}, sums[kWidth] = {};
    if (channel < s.channels) {
#pragma unroll
      for (int k = 0; k < kWidth; ++k) {
        column[k] = w[static_cast<int64_t>(channel + k) * s.classes + label];
      }
      for (int cell = first + warp; cell < s.cells && cell < first + kStretch; cell += 8) {
        const float g = dy[region * s.cells + cell];
        const int64_t at = (region * s.cells + cell) * s.channels + channel;
        float value[kWidth], out[kWidth];
        load(value, x + at);
#pragma unroll
        for (int k = 0; k < kWidth; ++k) {
          out[k] = g * column[k];
          sums[k] += g * value[k];
        }
        store(dx + at, out);
      }
    }
    __syncthreads();  // the region before has been read
#pragma unroll
    for (int k = 0; k < kWidth; ++k) of_warp[(warp * 32 + lane) * kWidth + k] = sums[k];
    __syncthreads();
    if (warp == 0 && channel < s.channels) {
#pragma unroll
      for (int k = 0; k < kWidth; ++k) {
        float total = 0;
        for (int other = 0; other < 8; ++other) total += of_warp[(other * 32 + lane) * kWidth + k];
        partial[(region * gridDim.x + blockIdx.x) * s.channels + channel + k] = total;
      }
    }
  }
}

// A warp a region.
__global__ void mask_logits_grad_bias(double* sums, const float* dy, Head s) {
  const int lane = threadIdx.x % 32;
  for (int64_t region = global_thread() / 32; region < s.regions; region += global_threads() / 32) {
    double sum = 0;
    for (int cell = lane; cell < s.cells; cell += 32) sum += dy[region * s.cells + cell];
    for (int step = 16; step > 0; step /= 2) sum += __shfl_xor_sync(kAllLanes, sum, step);
    if (lane == 0) sums[region] = sum;
  }
}

// A block 32 channels of a class: its warps take every eighth region, and are then added in order.
__global__ void mask_logits_grad_by_class(float* dw, float* db, const float* partial, const double* bias,
                                          const float* class_ids, int stretches, Head s) {
  SHARED(float[8][33], of_warp);
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32, channel = static_cast<int>(blockIdx.x) * 32 + lane;
  for (int label = static_cast<int>(blockIdx.y); label < s.classes; label += static_cast<int>(gridDim.y)) {
    float sum = 0, bias_sum = 0;
    for (int64_t region = warp; region < s.regions; region += 8) {
      if (static_cast<int>(class_ids[region]) != label) continue;
      const float* terms = partial + region * stretches * s.channels + channel;
      float of_region = 0;
      for (int part = 0; part < stretches && channel < s.channels; ++part) {
        of_region += terms[static_cast<int64_t>(part) * s.channels];
      }
      sum += of_region;
      bias_sum += static_cast<float>(bias[region]);
    }
    of_warp[warp][lane] = sum;
    if (lane == 0) of_warp[warp][32] = bias_sum;
    __syncthreads();
    if (warp == 0) {
      float total = 0, bias_total = 0;
      for (int other = 0; other < 8; ++other) {
        total += of_warp[other][lane];
        bias_total += of_warp[other][32];
      }
      if (channel < s.channels) dw[static_cast<int64_t>(channel) * s.classes + label] = total;
      if (channel == 0) db[label] = bias_total;
    }
    __syncthreads();  // before the next class
  }
}

unsigned up_to_65535(int64_t count) { return static_cast<unsigned>(count < 65535 ? count : 65535); }

}  // namespace

void mask_logits(Tensor* y, const Tensor* x, const Tensor* w, const Tensor* b, const Tensor* class_ids) {
  if (y->size() == 0) return;
  const Head s(x, w);
  with_type(x->type(), [&](auto element) {
    using T = decltype(element);
    with_width<T>(s.channels, {x->as<T>()}, [&](auto width) {
      constexpr int kWidth = decltype(width)::value;
      LAUNCH((mask_logits_kernel<T, kWidth>), dim3(s.stretches(), up_to_65535(s.regions)), 256, s.column_bytes(),
             y->data(), x->as<T>(), w->data(), b->data(), class_ids->data(), s);
    });
  });
}

void mask_logits_grad(Tensor* dx, Tensor* dw, Tensor* db, const Tensor* dy, const Tensor* x, const Tensor* w,
                      const Tensor* class_ids) {
  const Head s(x, w);
  if (dx->size() == 0) {
    cuda::fill(dw, 0);
    cuda::fill(db, 0);
    return;
  }
  Workspace<float> partial(s.regions * s.stretches() * s.channels);
  Workspace<double> bias(s.regions);
  with_type(common_type("mask_logits_grad", {dx, x}), [&](auto element) {
    using T = decltype(element);
    with_width<T, 4>(s.channels, {dx->as<T>(), x->as<T>()}, [&](auto width) {
      constexpr int kWidth = decltype(width)::value;
      const dim3 grid(s.stretches(), up_to_65535(s.regions), (s.channels + 32 * kWidth - 1) / (32 * kWidth));
      LAUNCH((mask_logits_grad_kernel<T, kWidth>), grid, 256, 0, dx->as<T>(), partial.data(), dy->data(), x->as<T>(),
             w->data(), class_ids->data(), s);
    });
  });
  LAUNCH(mask_logits_grad_bias, blocks_for(32 * s.regions), kThreads, 0, bias.data(), dy->data(), s);
  LAUNCH(mask_logits_grad_by_class, dim3((s.channels + 31) / 32, up_to_65535(s.classes)), 256, 0, dw->data(),
         db->data(), partial.data(), bias.data(), class_ids->data(), static_cast<int>(s.stretches()), s);
}

}  // namespace selvage::cuda

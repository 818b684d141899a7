// fill, copy, cast, add, scale, average, relu_grad, add_relu, sigmoid, mold_images and sums over everything.
//
// elementwise_map: y [n] = op(a [n], b [n]), any of the element types; a and b may be y. Launch: 256 threads, one
// access of 16 bytes a thread and tensor, up to 64 blocks an SM, then a stride: enough loads in flight to fill the
// memory's queue. Views that begin between such addresses, and the last n mod width elements, go one by one. Bytes:
// each operand once; a handful of operations an element, so that memory is the limit.
//
// elementwise_partial_sums: one double a block, at most 512, added on the host in order (reduce.cuh). Bytes: x once.
//
// mold_images_kernel: bytes to floats, one pixel a thread: 3 bytes read, and written three channels, or a vector of 16
// bytes, of which the matrix kernels read the photo as it is. The photo's bytes cross the bus first, ahead of the step
// where they were prefetched (prefetch.h).
//
// Deterministic: no element depends on another; sums have a fixed order.
#include "common/reduce.cuh"
#include "common/vector_io.cuh"
#include "device/prefetch.h"
#include "ops.h"

namespace selvage::cuda {
namespace {

template <int kArity, int kWidth, typename T, typename Op>
__global__ void elementwise_map(T* y, const T* a, const T* b, int64_t count, Op op) {
  const int64_t packs = count / kWidth;
  for (int64_t i = global_thread(); i < packs; i += global_threads()) {
    float p[kWidth] = {}, q[kWidth] = {};
    if constexpr (kArity > 0) load(p, a + i * kWidth);
    if constexpr (kArity > 1) load(q, b + i * kWidth);
#pragma unroll
    for (int k = 0; k < kWidth; ++k) p[k] = op(p[k], q[k]);
    store(y + i * kWidth, p);
  }
  for (int64_t i = packs * kWidth + global_thread(); i < count; i += global_threads()) {
    y[i] = from_float<T>(op(kArity > 0 ? to_float(a[i]) : 0.0f, kArity > 1 ? to_float(b[i]) : 0.0f));
  }
}

template <int kArity, typename T, typename Op>
void map_as(Tensor* y, const Tensor* a, const Tensor* b, const Op& op) {
  if (y->size() == 0) return;
  const T* p = kArity > 0 ? a->as<T>() : nullptr;
  const T* q = kArity > 1 ? b->as<T>() : nullptr;
  with_width<T>(0, {y->as<T>(), p, q}, [&](auto width) {
    constexpr int kWidth = decltype(width)::value;
    LAUNCH((elementwise_map<kArity, kWidth, T, Op>), blocks_for(y->size() / kWidth + 1), kThreads, 0, y->as<T>(), p, q,
           y->size(), op);
  });
}

template <int kArity, typename Op>
void map_all(const char* name, Tensor* y, const Tensor* a, const Tensor* b, const Op& op) {
  with_type(common_type(name, {y, a, b}), [&](auto element) { map_as<kArity, decltype(element)>(y, a, b, op); });
}

template <typename To, typename From>
__global__ void cast_elements(To* y, const From* x, int64_t count) {
  for (int64_t i = global_thread(); i < count; i += global_threads()) y[i] = from_float<To>(to_float(x[i]));
}

template <typename T, typename Term>
__global__ void elementwise_partial_sums(double* sums, const T* x, int64_t count, Term term) {
  double sum = 0;
  for (int64_t i = global_thread(); i < count; i += global_threads()) sum += term(to_float(x[i]));
  sum = block_sum(sum);
  if (threadIdx.x == 0) sums[blockIdx.x] = sum;
}

template <typename Term>
double sum_of(const Tensor* x, const Term& term) {
  if (x->size() == 0) return 0;
  const unsigned blocks = sum_blocks(x->size());
  Workspace<double> sums(blocks);
  with_type(x->type(), [&](auto element) {
    using T = decltype(element);
    LAUNCH((elementwise_partial_sums<T, Term>), blocks, kThreads, 0, sums.data(), x->as<T>(), x->size(), term);
  });
  return add_in_order(sums.data(), blocks);
}

template <typename T, int kChannels>
__global__ void mold_images_kernel(T* y, const uint8_t* rgb, int64_t pixels, float mean_r, float mean_g, float mean_b) {
  for (int64_t i = global_thread(); i < pixels; i += global_threads()) {
    float values[kChannels] = {};
    values[0] = static_cast<float>(rgb[3 * i]) - mean_r;
    values[1] = static_cast<float>(rgb[3 * i + 1]) - mean_g;
    values[2] = static_cast<float>(rgb[3 * i + 2]) - mean_b;
    if constexpr (kChannels == 3) {
#pragma unroll
      for (int k = 0; k < 3; ++k) y[3 * i + k] = from_float<T>(values[k]);
    } else {
      store(y + kChannels * i, values);
    }
  }
}

struct Constant {
  float value;
  __device__ float operator()(float, float) const { return value; }
};
struct Plus {
  __device__ float operator()(float a, float b) const { return a + b; }
};
struct Times {
  float factor;
  __device__ float operator()(float a, float) const { return a * factor; }
};
struct Towards {
  float share;
  __device__ float operator()(float a, float b) const { return a + share * (b - a); }
};
struct WherePositive {
  __device__ float operator()(float gradient, float y) const { return y > 0 ? gradient : 0.0f; }
};
struct Relu {  // NaN stays NaN
  __device__ float operator()(float a, float) const { return a < 0 ? 0.0f : a; }
};
struct PlusRelu {
  __device__ float operator()(float a, float b) const { return a + b < 0 ? 0.0f : a + b; }
};
struct Sigmoid {
  __device__ float operator()(float a, float) const { return 1.0f / (1.0f + expf(-a)); }
};
struct Value {
  __device__ double operator()(float a) const { return a; }
};
struct Square {
  __device__ double operator()(float a) const { return static_cast<double>(a) * a; }
};
struct NotFinite {
  __device__ double operator()(float a) const { return is_finite(a) ? 0 : 1; }
};

}  // namespace

void fill(Tensor* y, float value) { map_all<0>("fill", y, nullptr, nullptr, Constant{value}); }

void copy(Tensor* y, const Tensor* x) {
  if (y->size() == 0) return;
  check_cuda(cudaMemcpyAsync(y->as<void>(), x->as<void>(), y->bytes(), cudaMemcpyDeviceToDevice, stream()), "copy");
}

void cast(Tensor* y, const Tensor* x) {
  if (y->size() == 0) return;
  with_type(y->type(), [&](auto to) {
    with_type(x->type(), [&](auto from) {
      using To = decltype(to);
      using From = decltype(from);
      LAUNCH((cast_elements<To, From>), blocks_for(y->size()), kThreads, 0, y->as<To>(), x->as<From>(), y->size());
    });
  });
}

void add(Tensor* y, const Tensor* x) { map_all<2>("add", y, y, x, Plus{}); }

void scale(Tensor* y, float factor) { map_all<1>("scale", y, y, nullptr, Times{factor}); }

void average(Tensor* y, const Tensor* x, float share) { map_as<2, float>(y, y, x, Towards{share}); }

double sum_squares(const Tensor* x) { return sum_of(x, Square{}); }

double sum(const Tensor* x) { return sum_of(x, Value{}); }

bool all_finite(const Tensor* x) { return sum_of(x, NotFinite{}) == 0; }

void relu_grad(Tensor* dx, const Tensor* dy, const Tensor* y) { map_all<2>("relu_grad", dx, dy, y, WherePositive{}); }

void add_relu(Tensor* y, const Tensor* a, const Tensor* b, bool relu) {
  if (b == nullptr) {
    if (relu) {
      map_all<1>("add_relu", y, a, nullptr, Relu{});
    } else {
      cuda::copy(y, a);
    }
  } else if (relu) {
    map_all<2>("add_relu", y, a, b, PlusRelu{});
  } else {
    map_all<2>("add_relu", y, a, b, Plus{});
  }
}

void sigmoid(Tensor* y, const Tensor* x) { map_as<1, float>(y, x, nullptr, Sigmoid{}); }

void mold_images(Tensor* y, const uint8_t* rgb, int64_t count, float mean_r, float mean_g, float mean_b) {
  if (count == 0) return;
  const int64_t pixels = count / 3;
  const auto mold_from = [&](const uint8_t* bytes) {
    with_type(y->type(), [&](auto element) {
      using T = decltype(element);
      if (y->size() == count) {
        LAUNCH((mold_images_kernel<T, 3>), blocks_for(pixels), kThreads, 0, y->as<T>(), bytes, pixels, mean_r, mean_g,
               mean_b);
      } else {
        LAUNCH((mold_images_kernel<T, kVector<T>>), blocks_for(pixels), kThreads, 0, y->as<T>(), bytes, pixels, mean_r,
               mean_g, mean_b);
      }
    });
  };
  if (const uint8_t* bytes = begin_prefetched(rgb, count)) {
    mold_from(bytes);
    end_prefetched();
  } else {
    mold_from(Uploaded<uint8_t>(rgb, count).data());
  }
}

}  // namespace selvage::cuda

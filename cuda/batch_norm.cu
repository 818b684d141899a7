// Sums over rows, and batch norm by the statistics of its input (Ioffe and Szegedy 2015).
//
// x, dy, y [rows, channels] of any element type; parameters and statistics [channels] are floats.
//
// Statistics: one pass of column_reduce_partials (column_reduce.cuh) over x, of x - x[0] and its square: the shift by a
// value of the same channel keeps the variance from cancelling, and double sums leave nothing to a second pass. Then
// one thread a channel adds the partial sums in order and leaves what the elementwise pass needs: y = factor x + shift,
// or for the gradient dx = scale_dy dy + scale_x (x - mean) + shift.
//
// Elementwise passes: block of 256 = 32 channels by 8 rows, the channel's numbers in registers, rows by a stride; 512
// blocks, as for the sums. Bytes: x twice and y once forward; dy and x twice and dx once backward. Two operations an
// element: memory is the limit. Deterministic: sums in fixed order.
#include "common/column_reduce.cuh"
#include "common/elements.cuh"
#include "ops.h"

namespace selvage::cuda {
namespace {

template <typename T>
struct SumTerm {
  const T* x;
  __device__ void operator()(int64_t at, int64_t, float (&sums)[1]) const { sums[0] += to_float(x[at]); }
};

__global__ void sum_rows_finish(float* y, const double* partial, unsigned stretches, int64_t channels) {
  const int64_t c = global_thread();
  if (c < channels) y[c] = static_cast<float>(column_sum<1>(partial, stretches, channels, 0, c));
}

template <typename T>
struct MomentTerms {
  const T* x;
  __device__ void operator()(int64_t at, int64_t channel, float (&sums)[2]) const {
    const float shifted = to_float(x[at]) - to_float(x[channel]);
    sums[0] += shifted;
    sums[1] += shifted * shifted;
  }
};

template <typename T>
__global__ void batch_norm_moments(const T* x, const double* partial, unsigned stretches, int64_t rows,
                                   int64_t channels, const float* gamma, const float* beta, float eps, float* mean,
                                   float* var, float* factor, float* shift) {
  const int64_t c = global_thread();
  if (c >= channels) return;
  const double n = static_cast<double>(rows);
  const double offset = column_sum<2>(partial, stretches, channels, 0, c) / n;
  const double spread = column_sum<2>(partial, stretches, channels, 1, c) / n - offset * offset;
  const double center = to_float(x[c]) + offset, variance = spread < 0 ? 0 : spread;  // NaN stays NaN
  mean[c] = static_cast<float>(center);
  var[c] = static_cast<float>(variance);
  const double s = gamma[c] / sqrt(variance + eps);
  factor[c] = static_cast<float>(s);
  shift[c] = static_cast<float>(beta[c] - center * s);
}

template <typename T>
__global__ void batch_norm_normalize(T* y, const T* x, const float* factor, const float* shift, int64_t rows,
                                     int64_t channels) {
  const int64_t c = static_cast<int64_t>(blockIdx.x) * 32 + threadIdx.x % 32;
  if (c >= channels) return;
  const float f = factor[c], s = shift[c];
  for (int64_t r = blockIdx.y * 8 + threadIdx.x / 32; r < rows; r += gridDim.y * 8) {
    y[r * channels + c] = from_float<T>(to_float(x[r * channels + c]) * f + s);
  }
}

template <typename T>
struct GradientTerms {
  const T* dy;
  const T* x;
  const float* mean;
  __device__ void operator()(int64_t at, int64_t channel, float (&sums)[2]) const {
    const float g = to_float(dy[at]);
    sums[0] += g;
    sums[1] += g * (to_float(x[at]) - mean[channel]);
  }
};

__global__ void batch_norm_grad_finish(const double* partial, unsigned stretches, int64_t rows, int64_t channels,
                                       const float* gamma, const float* var, float eps, float* dgamma, float* dbeta,
                                       float* scale_dy, float* scale_x, float* shift) {
  const int64_t c = global_thread();
  if (c >= channels) return;
  const double sum = column_sum<2>(partial, stretches, channels, 0, c);
  const double product = column_sum<2>(partial, stretches, channels, 1, c);
  const double inverse = 1.0 / sqrt(static_cast<double>(var[c]) + eps), n = static_cast<double>(rows);
  dbeta[c] = static_cast<float>(sum);
  dgamma[c] = static_cast<float>(product * inverse);
  const double s = gamma[c] * inverse;
  scale_dy[c] = static_cast<float>(s);
  scale_x[c] = static_cast<float>(-s * inverse * inverse * product / n);
  shift[c] = static_cast<float>(-s * sum / n);
}

template <typename T>
__global__ void batch_norm_grad_data(T* dx, const T* dy, const T* x, const float* mean, const float* scale_dy,
                                     const float* scale_x, const float* shift, int64_t rows, int64_t channels) {
  const int64_t c = static_cast<int64_t>(blockIdx.x) * 32 + threadIdx.x % 32;
  if (c >= channels) return;
  const float m = mean[c], g = scale_dy[c], k = scale_x[c], s = shift[c];
  for (int64_t r = blockIdx.y * 8 + threadIdx.x / 32; r < rows; r += gridDim.y * 8) {
    const int64_t at = r * channels + c;
    dx[at] = from_float<T>(to_float(dy[at]) * g + (to_float(x[at]) - m) * k + s);
  }
}

}  // namespace

void sum_rows(Tensor* y, const Tensor* x) {
  const ColumnGrid grid(x->rows(), x->last());
  if (grid.channels == 0) return;
  Workspace<double> partial(grid.partials(1));
  with_type(x->type(), [&](auto element) {
    using T = decltype(element);
    LAUNCH((column_reduce_partials<1, SumTerm<T>>), grid.grid(), kThreads, 0, grid.rows, grid.channels,
           SumTerm<T>{x->as<T>()}, partial.data());
  });
  LAUNCH(sum_rows_finish, blocks_for(grid.channels), kThreads, 0, y->data(), partial.data(), grid.stretches,
         grid.channels);
}

void batch_norm(Tensor* y, Tensor* mean, Tensor* var, const Tensor* x, const Tensor* gamma, const Tensor* beta,
                float eps) {
  const ColumnGrid grid(x->rows(), x->last());
  if (grid.channels == 0) return;
  Workspace<double> partial(grid.partials(2));
  Workspace<float> factor(grid.channels), shift(grid.channels);
  with_type(common_type("batch_norm", {y, x}), [&](auto element) {
    using T = decltype(element);
    LAUNCH((column_reduce_partials<2, MomentTerms<T>>), grid.grid(), kThreads, 0, grid.rows, grid.channels,
           MomentTerms<T>{x->as<T>()}, partial.data());
    LAUNCH(batch_norm_moments<T>, blocks_for(grid.channels), kThreads, 0, x->as<T>(), partial.data(), grid.stretches,
           grid.rows, grid.channels, gamma->data(), beta->data(), eps, mean->data(), var->data(), factor.data(),
           shift.data());
    LAUNCH(batch_norm_normalize<T>, grid.grid(), kThreads, 0, y->as<T>(), x->as<T>(), factor.data(), shift.data(),
           grid.rows, grid.channels);
  });
}

void batch_norm_grad(Tensor* dx, Tensor* dgamma, Tensor* dbeta, const Tensor* dy, const Tensor* x, const Tensor* gamma,
                     const Tensor* mean, const Tensor* var, float eps) {
  const ColumnGrid grid(x->rows(), x->last());
  if (grid.channels == 0) return;
  Workspace<double> partial(grid.partials(2));
  Workspace<float> scale_dy(grid.channels), scale_x(grid.channels), shift(grid.channels);
  with_type(common_type("batch_norm_grad", {dx, dy, x}), [&](auto element) {
    using T = decltype(element);
    LAUNCH((column_reduce_partials<2, GradientTerms<T>>), grid.grid(), kThreads, 0, grid.rows, grid.channels,
           GradientTerms<T>{dy->as<T>(), x->as<T>(), mean->data()}, partial.data());
    LAUNCH(batch_norm_grad_finish, blocks_for(grid.channels), kThreads, 0, partial.data(), grid.stretches, grid.rows,
           grid.channels, gamma->data(), var->data(), eps, dgamma->data(), dbeta->data(), scale_dy.data(),
           scale_x.data(), shift.data());
    LAUNCH(batch_norm_grad_data<T>, grid.grid(), kThreads, 0, dx->as<T>(), dy->as<T>(), x->as<T>(), mean->data(),
           scale_dy.data(), scale_x.data(), shift.data(), grid.rows, grid.channels);
  });
}

}  // namespace selvage::cuda

// Sums over rows, and batch norm by the statistics of its input (Ioffe and Szegedy 2015).
#include <cmath>
#include <vector>

#include "ops.h"
#include "parallel.h"

namespace selvage::cpu {
namespace {

// totals[k][c] = sum over rows of term_k(row, c); partial sums of fixed blocks of rows, added in order.
template <int kTerms, typename Term>
void sum_columns(int64_t rows, int64_t channels, const Term& term, std::vector<double> (&totals)[kTerms]) {
  const int64_t blocks = std::max<int64_t>(1, std::min<int64_t>(32, rows * channels / kGrain));
  std::vector<double> partial(blocks * kTerms * channels, 0.0);
#pragma omp parallel for schedule(static) if (blocks > 1)
  for (int64_t b = 0; b < blocks; ++b) {
    double* sums = partial.data() + b * kTerms * channels;
    for (int64_t r = rows * b / blocks; r < rows * (b + 1) / blocks; ++r) {
      for (int64_t c = 0; c < channels; ++c) {
        term(r * channels + c, c, sums[c], sums[(kTerms - 1) * channels + c]);
      }
    }
  }
  for (int k = 0; k < kTerms; ++k) {
    totals[k].assign(channels, 0.0);
    for (int64_t b = 0; b < blocks; ++b) {
      for (int64_t c = 0; c < channels; ++c) totals[k][c] += partial[(b * kTerms + k) * channels + c];
    }
  }
}

}  // namespace

void sum_rows(Tensor* y, const Tensor* x) {
  const float* v = x->data();
  std::vector<double> sums[1];
  sum_columns<1>(
      x->rows(), x->last(), [v](int64_t i, int64_t, double& s, double&) { s += v[i]; }, sums);
  for (int64_t c = 0; c < x->last(); ++c) y->data()[c] = static_cast<float>(sums[0][c]);
}

void batch_norm(Tensor* y, Tensor* mean, Tensor* var, const Tensor* x, const Tensor* gamma, const Tensor* beta,
                float eps) {
  const int64_t channels = x->last(), rows = x->rows();
  const float* v = x->data();
  std::vector<double> sums[1], squares[1];
  sum_columns<1>(
      rows, channels, [v](int64_t i, int64_t, double& s, double&) { s += v[i]; }, sums);
  for (double& s : sums[0]) s /= static_cast<double>(rows);
  const double* means = sums[0].data();
  sum_columns<1>(
      rows, channels, [=](int64_t i, int64_t c, double& s, double&) { s += (v[i] - means[c]) * (v[i] - means[c]); },
      squares);
  std::vector<float> factor(channels), shift(channels);
  for (int64_t c = 0; c < channels; ++c) {
    const double variance = squares[0][c] / static_cast<double>(rows);
    mean->data()[c] = static_cast<float>(means[c]);
    var->data()[c] = static_cast<float>(variance);
    const double s = gamma->data()[c] / std::sqrt(variance + eps);
    factor[c] = static_cast<float>(s);
    shift[c] = static_cast<float>(beta->data()[c] - means[c] * s);
  }
  float* to = y->data();
  parallel_for(rows, kGrain / channels + 1, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      for (int64_t c = 0; c < channels; ++c) to[r * channels + c] = v[r * channels + c] * factor[c] + shift[c];
    }
  });
}

void batch_norm_grad(Tensor* dx, Tensor* dgamma, Tensor* dbeta, const Tensor* dy, const Tensor* x, const Tensor* gamma,
                     const Tensor* mean, const Tensor* var, float eps) {
  const int64_t channels = x->last(), rows = x->rows();
  const float* v = x->data();
  const float* g = dy->data();
  const float* m = mean->data();
  std::vector<double> sums[2];
  sum_columns<2>(
      rows, channels,
      [=](int64_t i, int64_t c, double& s, double& product) {
        s += g[i];
        product += static_cast<double>(g[i]) * (v[i] - m[c]);
      },
      sums);
  std::vector<float> scale_dy(channels), scale_x(channels), shift(channels);
  for (int64_t c = 0; c < channels; ++c) {
    const double inverse = 1.0 / std::sqrt(static_cast<double>(var->data()[c]) + eps), n = static_cast<double>(rows);
    dbeta->data()[c] = static_cast<float>(sums[0][c]);
    dgamma->data()[c] = static_cast<float>(sums[1][c] * inverse);
    const double s = gamma->data()[c] * inverse, slope = s * inverse * inverse * sums[1][c] / n;
    scale_dy[c] = static_cast<float>(s);
    scale_x[c] = static_cast<float>(-slope);
    shift[c] = static_cast<float>(-s * sums[0][c] / n);
  }
  float* to = dx->data();
  parallel_for(rows, kGrain / channels + 1, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      for (int64_t c = 0; c < channels; ++c) {
        const int64_t i = r * channels + c;
        to[i] = g[i] * scale_dy[c] + (v[i] - m[c]) * scale_x[c] + shift[c];
      }
    }
  });
}

}  // namespace selvage::cpu

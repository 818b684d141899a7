// Sums over rows, and batch norm by the statistics of its input (Ioffe and Szegedy 2015).
#include <cmath>
#include <vector>

#include "cpu/common/floats.h"
#include "cpu/common/parallel.h"
#include "ops.h"

namespace selvage::cpu {
namespace {

// totals[k][c] = sum over rows of term_k(a's value, b's value, c), where b may be a; partial sums of fixed blocks of
// rows, added in order.
template <int kTerms, typename Term>
void sum_columns(const Tensor* a, const Tensor* b, const Term& term, std::vector<double> (&totals)[kTerms]) {
  const int64_t rows = a->rows(), channels = a->last();
  const int64_t blocks = std::max<int64_t>(1, std::min<int64_t>(32, rows * channels / kGrain));
  std::vector<double> partial(blocks * kTerms * channels, 0.0);
  for_pieces(blocks, [&](int64_t block) {
    double* sums = partial.data() + block * kTerms * channels;
    Reader left(a, channels), right(b, channels);
    for (int64_t r = rows * block / blocks; r < rows * (block + 1) / blocks; ++r) {
      const float* v = left.at(r * channels, channels);
      const float* w = a == b ? v : right.at(r * channels, channels);
      for (int64_t c = 0; c < channels; ++c) term(v[c], w[c], c, sums[c], sums[(kTerms - 1) * channels + c]);
    }
  });
  for (int k = 0; k < kTerms; ++k) {
    totals[k].assign(channels, 0.0);
    for (int64_t block = 0; block < blocks; ++block) {
      for (int64_t c = 0; c < channels; ++c) totals[k][c] += partial[(block * kTerms + k) * channels + c];
    }
  }
}

}  // namespace

void sum_rows(Tensor* y, const Tensor* x) {
  std::vector<double> sums[1];
  sum_columns<1>(
      x, x, [](float v, float, int64_t, double& s, double&) { s += v; }, sums);
  for (int64_t c = 0; c < x->last(); ++c) y->data()[c] = static_cast<float>(sums[0][c]);
}

void batch_norm(Tensor* y, Tensor* mean, Tensor* var, const Tensor* x, const Tensor* gamma, const Tensor* beta,
                float eps) {
  const int64_t channels = x->last(), rows = x->rows();
  std::vector<double> sums[1], squares[1];
  sum_columns<1>(
      x, x, [](float v, float, int64_t, double& s, double&) { s += v; }, sums);
  for (double& s : sums[0]) s /= static_cast<double>(rows);
  const double* means = sums[0].data();
  sum_columns<1>(
      x, x, [=](float v, float, int64_t c, double& s, double&) { s += (v - means[c]) * (v - means[c]); }, squares);
  std::vector<float> factor(channels), shift(channels);
  for (int64_t c = 0; c < channels; ++c) {
    const double variance = squares[0][c] / static_cast<double>(rows);
    mean->data()[c] = static_cast<float>(means[c]);
    var->data()[c] = static_cast<float>(variance);
    const double s = gamma->data()[c] / std::sqrt(variance + eps);
    factor[c] = static_cast<float>(s);
    shift[c] = static_cast<float>(beta->data()[c] - means[c] * s);
  }
  parallel_for(rows, kGrain / channels + 1, [&](int64_t begin, int64_t end) {
    Reader reader(x, channels);
    Writer writer(y, channels);
    for (int64_t r = begin; r < end; ++r) {
      const float* v = reader.at(r * channels, channels);
      float* to = writer.begin(r * channels, channels);
      for (int64_t c = 0; c < channels; ++c) to[c] = v[c] * factor[c] + shift[c];
      writer.done();
    }
  });
}

void batch_norm_grad(Tensor* dx, Tensor* dgamma, Tensor* dbeta, const Tensor* dy, const Tensor* x, const Tensor* gamma,
                     const Tensor* mean, const Tensor* var, float eps) {
  const int64_t channels = x->last(), rows = x->rows();
  const float* m = mean->data();
  std::vector<double> sums[2];
  sum_columns<2>(
      dy, x,
      [=](float g, float v, int64_t c, double& s, double& product) {
        s += g;
        product += static_cast<double>(g) * (v - m[c]);
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
  parallel_for(rows, kGrain / channels + 1, [&](int64_t begin, int64_t end) {
    Reader gradients(dy, channels), values(x, channels);
    Writer writer(dx, channels);
    for (int64_t r = begin; r < end; ++r) {
      const float* g = gradients.at(r * channels, channels);
      const float* v = values.at(r * channels, channels);
      float* to = writer.begin(r * channels, channels);
      for (int64_t c = 0; c < channels; ++c) to[c] = g[c] * scale_dy[c] + (v[c] - m[c]) * scale_x[c] + shift[c];
      writer.done();
    }
  });
}

}  // namespace selvage::cpu

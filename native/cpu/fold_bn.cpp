// Frozen batch norm folded into the convolution before it, and the way back for the gradients.
#include <cmath>
#include <vector>

#include "cpu/common/parallel.h"
#include "ops.h"

namespace selvage::cpu {

void fold_bn(Tensor* wf, Tensor* bf, const Tensor* w, const Tensor* b, const Tensor* gamma, const Tensor* beta,
             const Tensor* mean, const Tensor* var, float eps) {
  const int64_t channels = w->last();
  std::vector<float> s(channels);
  for (int64_t c = 0; c < channels; ++c) {
    const double exact = gamma->data()[c] / std::sqrt(static_cast<double>(var->data()[c]) + eps);
    s[c] = static_cast<float>(exact);
    bf->data()[c] = static_cast<float>((static_cast<double>(b->data()[c]) - mean->data()[c]) * exact + beta->data()[c]);
  }
  const float* from = w->data();
  float* to = wf->data();
  parallel_for(w->rows(), kGrain / channels + 1, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      for (int64_t c = 0; c < channels; ++c) to[r * channels + c] = from[r * channels + c] * s[c];
    }
  });
}

void fold_bn_grad(Tensor* dw, Tensor* db, Tensor* dgamma, Tensor* dbeta, const Tensor* dwf, const Tensor* dbf,
                  const Tensor* w, const Tensor* b, const Tensor* gamma, const Tensor* mean, const Tensor* var,
                  float eps) {
  const int64_t channels = w->last();
  const int64_t rows = w->rows();
  const float* g = dwf->data();
  const float* weights = w->data();
  parallel_for(channels, std::max<int64_t>(64, kGrain / (rows + 1)), [&](int64_t begin, int64_t end) {
    std::vector<double> product(end - begin, 0.0);
    for (int64_t r = 0; r < rows; ++r) {
      for (int64_t c = begin; c < end; ++c) {
        product[c - begin] += static_cast<double>(g[r * channels + c]) * weights[r * channels + c];
      }
    }
    std::vector<float> s(end - begin);
    for (int64_t c = begin; c < end; ++c) {
      const double inverse = 1.0 / std::sqrt(static_cast<double>(var->data()[c]) + eps);
      const double bias = static_cast<double>(b->data()[c]) - mean->data()[c];
      const float dbias = dbf->data()[c];
      dgamma->data()[c] = static_cast<float>((product[c - begin] + dbias * bias) * inverse);
      dbeta->data()[c] = dbias;
      s[c - begin] = static_cast<float>(gamma->data()[c] * inverse);
      db->data()[c] = s[c - begin] * dbias;
    }
    for (int64_t r = 0; r < rows; ++r) {
      for (int64_t c = begin; c < end; ++c) dw->data()[r * channels + c] = s[c - begin] * g[r * channels + c];
    }
  });
}

}  // namespace selvage::cpu

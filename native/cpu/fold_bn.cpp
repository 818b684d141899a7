// Frozen batch norm folded into the convolution before it, and the way back for the gradients.
#include <algorithm>
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
  const int64_t channels = w->last(), rows = w->rows();
  std::vector<double> inverse(channels);
  std::vector<float> s(channels);
  for (int64_t c = 0; c < channels; ++c) {
    inverse[c] = 1.0 / std::sqrt(static_cast<double>(var->data()[c]) + eps);
    s[c] = static_cast<float>(gamma->data()[c] * inverse[c]);
  }
  // Products with the weights are summed in floats over a few rows, then in doubles; blocks are added in order.
  constexpr int64_t kFew = 8;
  const int64_t blocks = std::max<int64_t>(1, std::min<int64_t>(32, rows * channels / kGrain));
  std::vector<double> partial(blocks * channels, 0.0);
  for_pieces(blocks, [&](int64_t block) {
    double* sums = partial.data() + block * channels;
    std::vector<float> few(channels);
    const int64_t end = rows * (block + 1) / blocks;
    for (int64_t first = rows * block / blocks; first < end; first += kFew) {
      std::fill(few.begin(), few.end(), 0.0f);
      for (int64_t r = first; r < std::min(first + kFew, end); ++r) {
        const float *g = dwf->data() + r * channels, *weights = w->data() + r * channels;
        float* to = dw->data() + r * channels;
        for (int64_t c = 0; c < channels; ++c) {
          few[c] += g[c] * weights[c];
          to[c] = s[c] * g[c];
        }
      }
      for (int64_t c = 0; c < channels; ++c) sums[c] += few[c];
    }
  });
  for (int64_t c = 0; c < channels; ++c) {
    double product = 0.0;
    for (int64_t block = 0; block < blocks; ++block) product += partial[block * channels + c];
    const double bias = static_cast<double>(b->data()[c]) - mean->data()[c];
    const float dbias = dbf->data()[c];
    dgamma->data()[c] = static_cast<float>((product + dbias * bias) * inverse[c]);
    dbeta->data()[c] = dbias;
    db->data()[c] = s[c] * dbias;
  }
}

}  // namespace selvage::cpu

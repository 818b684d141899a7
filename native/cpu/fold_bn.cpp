// Frozen batch norm folded into the convolutions before it, and the way back for the gradients.
#include <algorithm>
#include <cmath>
#include <vector>

#include "cpu/common/parallel.h"
#include "folded_layer.h"
#include "ops.h"

namespace selvage::cpu {
namespace {

void fold(float* folded, const float* p, const FoldedLayer& layer, float eps) {
  const int64_t channels = layer.channels;
  std::vector<float> s(channels);
  for (int64_t c = 0; c < channels; ++c) {
    const double exact = p[layer.gamma + c] / std::sqrt(static_cast<double>(p[layer.var + c]) + eps);
    s[c] = static_cast<float>(exact);
    folded[layer.b + c] =
        static_cast<float>((static_cast<double>(p[layer.b + c]) - p[layer.mean + c]) * exact + p[layer.beta + c]);
  }
  const float* from = p + layer.w;
  float* to = folded + layer.w;
  parallel_for(layer.rows, kGrain / channels + 1, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      for (int64_t c = 0; c < channels; ++c) to[r * channels + c] = from[r * channels + c] * s[c];
    }
  });
}

void unfold(float* gradients, const float* p, const FoldedLayer& layer, float eps) {
  const int64_t channels = layer.channels, rows = layer.rows;
  std::vector<double> inverse(channels);
  std::vector<float> s(channels);
  for (int64_t c = 0; c < channels; ++c) {
    inverse[c] = 1.0 / std::sqrt(static_cast<double>(p[layer.var + c]) + eps);
    s[c] = static_cast<float>(p[layer.gamma + c] * inverse[c]);
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
        const float* weights = p + layer.w + r * channels;
        float* g = gradients + layer.w + r * channels;
        for (int64_t c = 0; c < channels; ++c) few[c] += g[c] * weights[c];
        for (int64_t c = 0; c < channels; ++c) g[c] *= s[c];
      }
      for (int64_t c = 0; c < channels; ++c) sums[c] += few[c];
    }
  });
  for (int64_t c = 0; c < channels; ++c) {
    double product = 0.0;
    for (int64_t block = 0; block < blocks; ++block) product += partial[block * channels + c];
    const double bias = static_cast<double>(p[layer.b + c]) - p[layer.mean + c];
    const float dbias = gradients[layer.b + c];
    gradients[layer.gamma + c] = static_cast<float>((product + dbias * bias) * inverse[c]);
    gradients[layer.beta + c] = dbias;
    gradients[layer.b + c] = s[c] * dbias;
  }
}

}  // namespace

void fold_bn(Tensor* folded, const Tensor* p, const int64_t* layers, int64_t count, float eps) {
  for (int64_t i = 0; i < count; ++i) {
    const FoldedLayer layer(layers + FoldedLayer::kNumbers * i);
    if (layer.channels > 0) fold(folded->data(), p->data(), layer, eps);
  }
}

void fold_bn_grad(Tensor* g, const Tensor* p, const int64_t* layers, int64_t count, float eps) {
  for (int64_t i = 0; i < count; ++i) {
    const FoldedLayer layer(layers + FoldedLayer::kNumbers * i);
    if (layer.channels > 0) unfold(g->data(), p->data(), layer, eps);
  }
}

}  // namespace selvage::cpu

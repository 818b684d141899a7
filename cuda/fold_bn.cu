// Frozen batch norm folded into the convolutions before it, and the way back for the gradients, of all layers of a
// network at once.
//
// w, dw [rows = KH KW I, channels = O]; everything else [channels]; all floats in flat arenas, since parameters are.
// s = gamma / sqrt(var + eps).
//
// Launch: blocks of 256 = 32 channels by 8 rows, one for each 32 channels and 256 rows of a layer; a block finds its
// layer by its number in a table of some hundred rows. fold_bn_scale: each thread computes its channel's s once, in
// double, and takes every eighth row. fold_bn_grad_scale does the same for dw = s dwf and, reading dwf and w only once,
// adds up <dwf, w> on the way (column_reduce.cuh has the order of the sums); fold_bn_grad_finish adds those sums, a
// warp for 32 channels. So a step folds in one launch and goes back in two, however many layers there are. Bytes: w and
// wf once; dwf, w and dw once. All folds of ResNet-101 move 340 MB. Deterministic: sums in an order that the sizes of a
// layer decide, whichever layers come with it.
#include <vector>

#include "common/column_reduce.cuh"
#include "common/table_row.cuh"
#include "folded_layer.h"
#include "ops.h"

namespace selvage::cuda {
namespace {

constexpr int kRowsOfBlock = 256;

struct Layer {
  int64_t w, b, gamma, beta, mean, var;  // offsets
  int64_t rows, channels, first_partial;
  unsigned first_block, first_group;  // counted over all layers
  unsigned groups, stretches;         // its blocks
};

// The layers in the device's memory, for the length of a call.
class Layers {
 public:
  Layers(const int64_t* layers, int64_t count) : host_(rows(layers, count)), device_(host_.data(), size()) {}
  const Layer* data() { return device_.data(); }
  int count() const { return static_cast<int>(size()); }
  unsigned blocks() const { return blocks_; }
  unsigned groups() const { return groups_; }
  int64_t partials() const { return partials_; }

 private:
  int64_t size() const { return static_cast<int64_t>(host_.size()); }

  std::vector<Layer> rows(const int64_t* layers, int64_t count) {
    std::vector<Layer> rows;
    for (int64_t i = 0; i < count; ++i) {
      const FoldedLayer f(layers + FoldedLayer::kNumbers * i);
      if (f.channels == 0) continue;
      const auto groups = static_cast<unsigned>((f.channels + 31) / 32);
      const auto stretches = static_cast<unsigned>(f.rows <= kRowsOfBlock ? 1 : f.rows / kRowsOfBlock);
      rows.push_back({f.w, f.b, f.gamma, f.beta, f.mean, f.var, f.rows, f.channels, partials_, blocks_, groups_, groups,
                      stretches});
      blocks_ += groups * stretches;
      groups_ += groups;
      partials_ += stretches * f.channels;
    }
    return rows;
  }

  unsigned blocks_ = 0, groups_ = 0;
  int64_t partials_ = 0;
  std::vector<Layer> host_;
  Uploaded<Layer> device_;
};

__device__ __forceinline__ const Layer& layer_of_block(const Layer* layers, int count) {
  return row_of_place(layers, count, blockIdx.x, [](const Layer& layer) { return layer.first_block; });
}

__device__ __forceinline__ ColumnBlock share_of_block(const Layer& layer) {
  const unsigned block = blockIdx.x - layer.first_block;
  return {block % layer.groups, block / layer.groups, layer.stretches};
}

__global__ void fold_bn_scale(float* folded, const float* p, const Layer* layers, int count, float eps) {
  const Layer& layer = layer_of_block(layers, count);
  const ColumnBlock block = share_of_block(layer);
  const int64_t c = static_cast<int64_t>(block.group) * 32 + threadIdx.x % 32, channels = layer.channels;
  if (c >= channels) return;
  const double exact = p[layer.gamma + c] / sqrt(static_cast<double>(p[layer.var + c]) + eps);
  const float s = static_cast<float>(exact);
  const int row = threadIdx.x / 32;
  if (block.stretch == 0 && row == 0) {
    folded[layer.b + c] =
        static_cast<float>((static_cast<double>(p[layer.b + c]) - p[layer.mean + c]) * exact + p[layer.beta + c]);
  }
  const float* const w = p + layer.w;
  float* const wf = folded + layer.w;
  const int64_t end = layer.rows * (block.stretch + 1) / block.stretches;
#pragma unroll 4
  for (int64_t r = layer.rows * block.stretch / block.stretches + row; r < end; r += 8) {
    wf[r * channels + c] = w[r * channels + c] * s;
  }
}

__global__ void fold_bn_grad_scale(float* g, const float* p, const Layer* layers, int count, float eps,
                                   double* partial) {
  const Layer& layer = layer_of_block(layers, count);
  const ColumnBlock block = share_of_block(layer);
  const int64_t c = static_cast<int64_t>(block.group) * 32 + threadIdx.x % 32;
  float s = 0;
  if (c < layer.channels) {
    s = static_cast<float>(p[layer.gamma + c] * (1.0 / sqrt(static_cast<double>(p[layer.var + c]) + eps)));
  }
  const float* const w = p + layer.w;
  float* const dw = g + layer.w;
  const auto term = [=](int64_t at, int64_t, float(&sums)[1]) {
    const float of_folded = dw[at];
    sums[0] += of_folded * w[at];
    dw[at] = s * of_folded;
  };
  add_columns<1>(block, layer.rows, layer.channels, term, partial + layer.first_partial);
}

// Blocks of a warp, of 32 channels of one layer.
__global__ void fold_bn_grad_finish(float* g, const float* p, const Layer* layers, int count, float eps,
                                    const double* partial) {
  const Layer& layer =
      row_of_place(layers, count, blockIdx.x, [](const Layer& candidate) { return candidate.first_group; });
  const int64_t c = static_cast<int64_t>(blockIdx.x - layer.first_group) * 32 + threadIdx.x;
  if (c >= layer.channels) return;
  const double inverse = 1.0 / sqrt(static_cast<double>(p[layer.var + c]) + eps);
  const double product = column_sum<1>(partial + layer.first_partial, layer.stretches, layer.channels, 0, c);
  const double bias = static_cast<double>(p[layer.b + c]) - p[layer.mean + c];
  const float dbias = g[layer.b + c];
  g[layer.gamma + c] = static_cast<float>((product + dbias * bias) * inverse);
  g[layer.beta + c] = dbias;
  g[layer.b + c] = static_cast<float>(p[layer.gamma + c] * inverse) * dbias;
}

}  // namespace

void fold_bn(Tensor* folded, const Tensor* p, const int64_t* layers, int64_t count, float eps) {
  Layers table(layers, count);
  if (table.count() == 0) return;
  LAUNCH(fold_bn_scale, table.blocks(), kThreads, 0, folded->data(), p->data(), table.data(), table.count(), eps);
}

void fold_bn_grad(Tensor* g, const Tensor* p, const int64_t* layers, int64_t count, float eps) {
  Layers table(layers, count);
  if (table.count() == 0) return;
  Workspace<double> partial(table.partials());
  LAUNCH(fold_bn_grad_scale, table.blocks(), kThreads, 0, g->data(), p->data(), table.data(), table.count(), eps,
         partial.data());
  LAUNCH(fold_bn_grad_finish, table.groups(), 32, 0, g->data(), p->data(), table.data(), table.count(), eps,
         partial.data());
}

}  // namespace selvage::cuda

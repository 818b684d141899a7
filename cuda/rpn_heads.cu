// The RPN's two 1x1 heads at one level of the pyramid: x [N,H,W,C] of any element type, weights [C,2R] and [C,4R],
// logits [N,A,2] and deltas [N,A,4] floats, of R anchors a cell.
//
// One product of 6 R columns over all images (gemm/products.h), so that x, 512 channels of each cell, is read once. Its
// sums go to memory; rpn_heads_split adds the biases and puts each image's anchors where they belong. Launch of
// rpn_heads_split: (blocks along an image's sums, images), one sum a thread. Bytes: the sums read, logits and deltas
// written, 24 R each a cell, next to 2 C of the product. Deterministic.
#include "common/elements.cuh"
#include "gemm/products.h"
#include "ops.h"

namespace selvage::cuda {
namespace {

// sums [images, cells, width], anchors of all levels in an image's rows of logits and deltas.
__global__ void rpn_heads_split(float* logits, float* deltas, const float* sums, const float* class_b,
                                const float* bbox_b, int images, int cells, int ratios, int64_t width, int64_t anchors,
                                int64_t first) {
  const int columns = 6 * ratios;
  for (int image = static_cast<int>(blockIdx.y); image < images; image += static_cast<int>(gridDim.y)) {
    const float* const from = sums + static_cast<int64_t>(image) * cells * width;
    const int64_t anchor = image * anchors + first;
    for (int i = static_cast<int>(global_thread()); i < cells * columns; i += static_cast<int>(global_threads())) {
      const int cell = i / columns, column = i % columns, delta = column - 2 * ratios;
      const float sum = from[cell * width + column];
      if (delta < 0) {
        logits[2 * (anchor + cell * ratios) + column] = sum + class_b[column];
      } else {
        deltas[4 * (anchor + cell * ratios) + delta] = sum + bbox_b[delta];
      }
    }
  }
}

}  // namespace

void rpn_heads(Tensor* logits, Tensor* deltas, int64_t first, const Tensor* x, const Tensor* class_w,
               const Tensor* class_b, const Tensor* bbox_w, const Tensor* bbox_b) {
  const int64_t images = x->dim(0), cells = x->dim(1) * x->dim(2), ratios = class_b->size() / 2;
  if (images * cells * ratios == 0) return;
  if (cells * 6 * ratios > INT32_MAX / 2)
    throw Error(ErrorKind::unsupported, "an image of 2^30 values of the RPN's is too large for the GPU");
  const int64_t width = columns_of_both(6 * ratios);
  Workspace<float> sums(images * cells * width);
  multiply_by_both(sums.data(), x, class_w, bbox_w);
  LAUNCH(rpn_heads_split, dim3(blocks_for(cells * 6 * ratios), static_cast<unsigned>(images < 65535 ? images : 65535)),
         kThreads, 0, logits->data(), deltas->data(), sums.data(), class_b->data(), bbox_b->data(),
         static_cast<int>(images), static_cast<int>(cells), static_cast<int>(ratios), width, logits->dim(1), first);
}

}  // namespace selvage::cuda

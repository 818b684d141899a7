// The weight decay with its gradient, and Keras' SGD with momentum, over all parameters that learn at once: stretches
// of the flat arenas of values, momenta and gradients, all floats.
//
// Launch: a block of 256 for each 4096 elements of a stretch; a block finds its stretch by its number in a table of
// some hundred rows, which 16 elements a thread pay for. So a step is three launches, however many parameters there
// are: sums and gradient, their total, update.
//
// l2: bytes: p. l2_grad: p and g read, g written. sgd: g, m and p read, m and p written: at ResNet-50's 45 M parameters
// 0.5 and 0.9 GB. 3 operations an element: memory is the limit. Deterministic: one partial sum a block, in double,
// added in an order that sizes alone decide.
#include <vector>

#include "common/elements.cuh"
#include "common/reduce.cuh"
#include "ops.h"

namespace selvage::cuda {
namespace {

constexpr int64_t kElements = 4096;  // of a block

struct Stretch {
  int64_t begin, size;
  unsigned first_block;
  float coefficient;
};

// The stretches in the device's memory, for the length of a call.
class Stretches {
 public:
  Stretches(const int64_t* begins, const int64_t* sizes, const float* coefficients, int64_t count)
      : host_(rows(begins, sizes, coefficients, count)), device_(host_.data(), count), count_(static_cast<int>(count)) {
    for (int64_t i = 0; i < count; ++i) blocks_ += blocks_of(sizes[i]);
  }
  unsigned blocks() const { return blocks_; }
  const Stretch* data() { return device_.data(); }
  int count() const { return count_; }

 private:
  static unsigned blocks_of(int64_t size) { return static_cast<unsigned>((size + kElements - 1) / kElements); }

  static std::vector<Stretch> rows(const int64_t* begins, const int64_t* sizes, const float* coefficients,
                                   int64_t count) {
    std::vector<Stretch> rows;
    unsigned first_block = 0;
    for (int64_t i = 0; i < count; ++i) {
      rows.push_back({begins[i], sizes[i], first_block, coefficients == nullptr ? 0.0f : coefficients[i]});
      first_block += blocks_of(sizes[i]);
    }
    return rows;
  }

  std::vector<Stretch> host_;
  Uploaded<Stretch> device_;
  int count_;
  unsigned blocks_ = 0;
};

// body(i, coefficient) for the elements of this block.
template <typename Body>
__device__ __forceinline__ void for_elements(const Stretch* stretches, int count, const Body& body) {
  int low = 0, high = count - 1;  // the last stretch that begins at this block or before: none of no size
  while (low < high) {
    const int middle = (low + high + 1) / 2;
    if (stretches[middle].first_block <= blockIdx.x) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  const Stretch s = stretches[low];
  const int64_t from = static_cast<int64_t>(blockIdx.x - s.first_block) * kElements;
  const int64_t left = s.size - from, here = left < kElements ? left : kElements;
#pragma unroll 4
  for (int i = threadIdx.x; i < here; i += kThreads) body(s.begin + from + i, s.coefficient);
}

__global__ void l2_partial_sums(double* sums, const float* p, const Stretch* stretches, int count) {
  double sum = 0;
  for_elements(stretches, count, [&](int64_t i, float coefficient) {
    sum += static_cast<double>(coefficient) * (static_cast<double>(p[i]) * p[i]);
  });
  sum = block_sum(sum);
  if (threadIdx.x == 0) sums[blockIdx.x] = sum;
}

__global__ void l2_grad_add(double* sums, float* g, const float* p, const Stretch* stretches, int count) {
  double sum = 0;
  for_elements(stretches, count, [&](int64_t i, float coefficient) {
    const float value = g[i] + 2 * coefficient * p[i];
    g[i] = value;
    sum += static_cast<double>(value) * value;
  });
  sum = block_sum(sum);
  if (threadIdx.x == 0) sums[blockIdx.x] = sum;
}

__global__ void sgd_momentum(float* p, float* m, const float* g, const Stretch* stretches, int count, float step,
                             float momentum) {
  for_elements(stretches, count, [=](int64_t i, float) {
    const float velocity = momentum * m[i] - step * g[i];
    m[i] = velocity;
    p[i] += velocity;
  });
}

}  // namespace

void l2(Tensor* y, const Tensor* p, const int64_t* begins, const int64_t* sizes, const float* coefficients,
        int64_t count) {
  Stretches stretches(begins, sizes, coefficients, count);
  if (stretches.blocks() == 0) return cuda::fill(y, 0);
  Workspace<double> sums(stretches.blocks());
  LAUNCH(l2_partial_sums, stretches.blocks(), kThreads, 0, sums.data(), p->data(), stretches.data(), stretches.count());
  LAUNCH(reduce_finish<float>, 1, kThreads, 0, y->data(), sums.data(), static_cast<int64_t>(stretches.blocks()), 1.0);
}

void l2_grad(Tensor* squares, Tensor* g, const Tensor* p, const int64_t* begins, const int64_t* sizes,
             const float* coefficients, int64_t count) {
  Stretches stretches(begins, sizes, coefficients, count);
  if (stretches.blocks() == 0) return cuda::fill(squares, 0);
  Workspace<double> sums(stretches.blocks());
  LAUNCH(l2_grad_add, stretches.blocks(), kThreads, 0, sums.data(), g->data(), p->data(), stretches.data(),
         stretches.count());
  LAUNCH(reduce_finish<double>, 1, kThreads, 0, squares->as<double>(), sums.data(),
         static_cast<int64_t>(stretches.blocks()), 1.0);
}

void sgd(Tensor* p, Tensor* m, const Tensor* g, const int64_t* begins, const int64_t* sizes, int64_t count, float rate,
         float momentum, float factor) {
  Stretches stretches(begins, sizes, nullptr, count);
  if (stretches.blocks() == 0) return;
  LAUNCH(sgd_momentum, stretches.blocks(), kThreads, 0, p->data(), m->data(), g->data(), stretches.data(),
         stretches.count(), rate * factor, momentum);
}

}  // namespace selvage::cuda

// fill, copy, cast, add, scale, relu_grad, add_relu, sigmoid, mold_images and sums over everything.
#include <cmath>
#include <cstring>

#include "elements.h"
#include "ops.h"
#include "parallel.h"

namespace selvage::cpu {

void fill(Tensor* y, float value) {
  parallel_for(y->size(), kGrain,
               [&](int64_t begin, int64_t end) { std::fill(y->data() + begin, y->data() + end, value); });
}

void copy(Tensor* y, const Tensor* x) {
  parallel_for(y->size(), kGrain, [&](int64_t begin, int64_t end) {
    std::memcpy(y->data() + begin, x->data() + begin, (end - begin) * sizeof(float));
  });
}

void cast(Tensor* y, const Tensor* x) {
  char* to = y->as<char>();
  const char* from = x->as<char>();
  const int64_t to_size = bytes_of(y->type()), from_size = bytes_of(x->type());
  parallel_for(y->size(), kGrain, [=](int64_t begin, int64_t end) {
    constexpr int64_t kStretch = 1024;
    float values[kStretch];
    for (int64_t i = begin; i < end; i += kStretch) {
      const int64_t count = std::min(kStretch, end - i);
      to_floats(values, from + i * from_size, x->type(), count);
      from_floats(to + i * to_size, y->type(), values, count);
    }
  });
}

void add(Tensor* y, const Tensor* x) {
  float* to = y->data();
  const float* from = x->data();
  parallel_for(y->size(), kGrain, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) to[i] += from[i];
  });
}

void scale(Tensor* y, float factor) {
  float* to = y->data();
  parallel_for(y->size(), kGrain, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) to[i] *= factor;
  });
}

namespace {

// Partial sums of fixed blocks, added in order: the same for any number of threads.
template <typename Term>
double sum_of(int64_t size, const Term& term) {
  constexpr int kBlocks = 64;
  double partial[kBlocks] = {};
#pragma omp parallel for schedule(static) if (size > kGrain)
  for (int b = 0; b < kBlocks; ++b) {
    double lanes[8] = {};
    const int64_t begin = size * b / kBlocks, end = size * (b + 1) / kBlocks;
    int64_t i = begin;
    for (; i + 8 <= end; i += 8) {
      for (int lane = 0; lane < 8; ++lane) lanes[lane] += term(i + lane);
    }
    for (; i < end; ++i) lanes[0] += term(i);
    for (double lane : lanes) partial[b] += lane;
  }
  double total = 0;
  for (double p : partial) total += p;
  return total;
}

}  // namespace

double sum_squares(const Tensor* x) {
  const float* v = x->data();
  return sum_of(x->size(), [v](int64_t i) { return static_cast<double>(v[i]) * v[i]; });
}

double sum(const Tensor* x) {
  const float* v = x->data();
  return sum_of(x->size(), [v](int64_t i) { return static_cast<double>(v[i]); });
}

bool all_finite(const Tensor* x) {
  const float* v = x->data();
  for (int64_t i = 0; i < x->size(); ++i) {
    if (!std::isfinite(v[i])) return false;
  }
  return true;
}

void relu_grad(Tensor* dx, const Tensor* dy, const Tensor* y) {
  float* to = dx->data();
  const float* g = dy->data();
  const float* v = y->data();
  parallel_for(y->size(), kGrain, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) to[i] = v[i] > 0 ? g[i] : 0.0f;
  });
}

void add_relu(Tensor* y, const Tensor* a, const Tensor* b, bool relu) {
  float* to = y->data();
  const float* p = a->data();
  const float* q = b == nullptr ? nullptr : b->data();
  const float low = relu ? 0.0f : -INFINITY;
  parallel_for(y->size(), kGrain, [=](int64_t begin, int64_t end) {
    if (q == nullptr) {
      for (int64_t i = begin; i < end; ++i) to[i] = p[i] < low ? low : p[i];
    } else {
      for (int64_t i = begin; i < end; ++i) to[i] = p[i] + q[i] < low ? low : p[i] + q[i];
    }
  });
}

void sigmoid(Tensor* y, const Tensor* x) {
  float* to = y->data();
  const float* from = x->data();
  parallel_for(y->size(), kGrain / 16, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) to[i] = 1.0f / (1.0f + std::exp(-from[i]));
  });
}

void mold_images(Tensor* y, const uint8_t* rgb, int64_t count, float mean_r, float mean_g, float mean_b) {
  float* to = y->data();
  parallel_for(count / 3, kGrain, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      to[3 * i] = static_cast<float>(rgb[3 * i]) - mean_r;
      to[3 * i + 1] = static_cast<float>(rgb[3 * i + 1]) - mean_g;
      to[3 * i + 2] = static_cast<float>(rgb[3 * i + 2]) - mean_b;
    }
  });
}

}  // namespace selvage::cpu

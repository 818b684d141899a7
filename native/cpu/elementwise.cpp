// fill, copy, cast, add, scale, average, relu_grad, add_relu, sigmoid, mold_images and sums over everything.
#include <cmath>
#include <cstring>

#include "cpu/common/convert.h"
#include "cpu/common/floats.h"
#include "cpu/common/parallel.h"
#include "ops.h"

namespace selvage::cpu {

void fill(Tensor* y, float value) {
  parallel_for(y->size(), kGrain, [&](int64_t begin, int64_t end) {
    Writer to(y);
    for_spans(begin, end, [&](int64_t at, int64_t count) {
      std::fill_n(to.begin(at, count), count, value);
      to.done();
    });
  });
}

void copy(Tensor* y, const Tensor* x) {
  const int64_t size = bytes_of(x->type());
  parallel_for(y->size(), kGrain, [&](int64_t begin, int64_t end) {
    std::memcpy(y->as<char>() + begin * size, x->as<char>() + begin * size, (end - begin) * size);
  });
}

void cast(Tensor* y, const Tensor* x) { convert(y->as<void>(), y->type(), x->as<void>(), x->type(), x->size()); }

void add(Tensor* y, const Tensor* x) {
  parallel_for(y->size(), kGrain, [=](int64_t begin, int64_t end) {
    Reader reader(x);
    Writer writer(y);
    for_spans(begin, end, [&](int64_t at, int64_t count) {
      const float* from = reader.at(at, count);
      float* to = writer.edit(at, count);
      for (int64_t i = 0; i < count; ++i) to[i] += from[i];
      writer.done();
    });
  });
}

void scale(Tensor* y, float factor) {
  parallel_for(y->size(), kGrain, [=](int64_t begin, int64_t end) {
    Writer writer(y);
    for_spans(begin, end, [&](int64_t at, int64_t count) {
      float* to = writer.edit(at, count);
      for (int64_t i = 0; i < count; ++i) to[i] *= factor;
      writer.done();
    });
  });
}

void average(Tensor* y, const Tensor* x, float share) {
  float* to = y->data();
  const float* from = x->data();
  parallel_for(y->size(), kGrain, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) to[i] += share * (from[i] - to[i]);
  });
}

namespace {

// Partial sums of fixed blocks, added in order: the same for any number of threads.
template <typename Term>
double sum_of(const Tensor* x, const Term& term) {
  constexpr int kBlocks = 64;
  double partial[kBlocks] = {};
  const int64_t size = x->size();
  const auto add_block = [&](int64_t b) {
    double lanes[8] = {};
    Reader reader(x);
    for_spans(size * b / kBlocks, size * (b + 1) / kBlocks, [&](int64_t at, int64_t count) {
      const float* v = reader.at(at, count);
      int64_t i = 0;
      for (; i + 8 <= count; i += 8) {
        for (int lane = 0; lane < 8; ++lane) lanes[lane] += term(v[i + lane]);
      }
      for (; i < count; ++i) lanes[0] += term(v[i]);
    });
    for (double lane : lanes) partial[b] += lane;
  };
  if (size > kGrain) {
    for_pieces(kBlocks, add_block);
  } else {
    for (int b = 0; b < kBlocks; ++b) add_block(b);
  }
  double total = 0;
  for (double p : partial) total += p;
  return total;
}

}  // namespace

double sum_squares(const Tensor* x) {
  return sum_of(x, [](float v) { return static_cast<double>(v) * v; });
}

double sum(const Tensor* x) {
  return sum_of(x, [](float v) { return static_cast<double>(v); });
}

bool all_finite(const Tensor* x) {
  Reader reader(x);
  bool finite = true;
  for_spans(0, x->size(), [&](int64_t at, int64_t count) {
    const float* v = reader.at(at, count);
    for (int64_t i = 0; i < count; ++i) finite = finite && std::isfinite(v[i]);
  });
  return finite;
}

void relu_grad(Tensor* dx, const Tensor* dy, const Tensor* y) {
  parallel_for(y->size(), kGrain, [=](int64_t begin, int64_t end) {
    Reader gradients(dy), values(y);
    Writer writer(dx);
    for_spans(begin, end, [&](int64_t at, int64_t count) {
      const float* g = gradients.at(at, count);
      const float* v = values.at(at, count);
      float* to = writer.begin(at, count);
      for (int64_t i = 0; i < count; ++i) {
        const float gradient = g[i];  // read whether wanted or not, so that the loop becomes vectors
        to[i] = v[i] > 0 ? gradient : 0.0f;
      }
      writer.done();
    });
  });
}

void add_relu(Tensor* y, const Tensor* a, const Tensor* b, bool relu) {
  const float low = relu ? 0.0f : -INFINITY;
  parallel_for(y->size(), kGrain, [=](int64_t begin, int64_t end) {
    Reader left(a), right(b == nullptr ? a : b);
    Writer writer(y);
    for_spans(begin, end, [&](int64_t at, int64_t count) {
      const float* p = left.at(at, count);
      float* to = writer.begin(at, count);
      if (b == nullptr) {
        for (int64_t i = 0; i < count; ++i) to[i] = p[i] < low ? low : p[i];
      } else {
        const float* q = right.at(at, count);
        for (int64_t i = 0; i < count; ++i) to[i] = p[i] + q[i] < low ? low : p[i] + q[i];
      }
      writer.done();
    });
  });
}

void sigmoid(Tensor* y, const Tensor* x) {
  float* to = y->data();
  const float* from = x->data();
  parallel_for(y->size(), kGrain / 16, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) to[i] = 1.0f / (1.0f + std::exp(-from[i]));
  });
}

void prefetch_images(const uint8_t*, int64_t) {}

void mold_images(Tensor* y, const uint8_t* rgb, int64_t count, float mean_r, float mean_g, float mean_b) {
  constexpr int64_t kPixels = kSpan / 3;
  parallel_for(count / 3, kGrain, [=](int64_t begin, int64_t end) {
    Writer writer(y);
    for (int64_t first = begin; first < end; first += kPixels) {
      const int64_t pixels = std::min(kPixels, end - first);
      float* to = writer.begin(3 * first, 3 * pixels);
      const uint8_t* from = rgb + 3 * first;
      for (int64_t i = 0; i < pixels; ++i) {
        to[3 * i] = static_cast<float>(from[3 * i]) - mean_r;
        to[3 * i + 1] = static_cast<float>(from[3 * i + 1]) - mean_g;
        to[3 * i + 2] = static_cast<float>(from[3 * i + 2]) - mean_b;
      }
      writer.done();
    }
  });
}

}  // namespace selvage::cpu

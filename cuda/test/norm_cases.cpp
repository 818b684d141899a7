// Sums over rows, batch norm, and frozen batch norm folded into weights.
#include <cmath>

#include "compare_to_cpu.h"

namespace selvage::test {
namespace {

// Statistics and parameters stay floats whatever the activations are.
Ptr vector(int64_t channels, int seed, float low) {
  Ptr t = random({channels}, seed);
  for (int64_t c = 0; c < channels; ++c) t->data()[c] = low + 0.5f * (t->data()[c] + 1);
  return t;
}

void add_sum_rows(Table& table, int64_t rows, int64_t channels) {
  add_comparison_all_types(table, "sum_rows " + text({rows, channels}), 1e-5, [=](const Side& side) {
    Ptr y = empty({channels});
    (side.gpu ? cuda::sum_rows : sum_rows)(y.get(), side.random({rows, channels}, 1).get());
    return outputs(std::move(y));
  });
}

void add_batch_norm(Table& table, int64_t rows, int64_t channels) {
  const Shape shape = {rows, 1, 1, channels};
  add_comparison_all_types(table, "batch_norm " + text({rows, channels}), 1e-5, [=](const Side& side) {
    Ptr y = side.empty(shape), mean = empty({channels}), var = empty({channels});
    (side.gpu ? cuda::batch_norm : batch_norm)(y.get(), mean.get(), var.get(), side.random(shape, 1).get(),
                                               vector(channels, 2, 0.5f).get(), vector(channels, 3, -0.5f).get(),
                                               1e-3f);
    return outputs(std::move(y), std::move(mean), std::move(var));
  });
  add_comparison_all_types(table, "batch_norm_grad " + text({rows, channels}), 1e-5, [=](const Side& side) {
    Ptr dx = side.empty(shape), dgamma = empty({channels}), dbeta = empty({channels});
    (side.gpu ? cuda::batch_norm_grad : batch_norm_grad)(
        dx.get(), dgamma.get(), dbeta.get(), side.random(shape, 4).get(), side.random(shape, 1).get(),
        vector(channels, 2, 0.5f).get(), vector(channels, 3, -0.5f).get(), vector(channels, 5, 0.3f).get(), 1e-3f);
    return outputs(std::move(dx), std::move(dgamma), std::move(dbeta));
  });
}

// Layers that lie one behind the other in an arena: w, b, gamma, beta, mean and var of each.
void add_fold_bn(Table& table, const std::vector<Shape>& shapes) {
  std::string name;
  std::vector<int64_t> layers;
  int64_t at = 0;
  for (const Shape& shape : shapes) {
    name += " " + text(shape);
    const int64_t c = shape.back(), rows = shape[0] * shape[1] * shape[2];
    layers.push_back(at);
    at += rows * c;
    for (int vector = 0; vector < 5; ++vector, at += c) layers.push_back(at);
    layers.insert(layers.end(), {rows, c});
  }
  const auto parameters = [=] {
    Ptr p = random({at}, 1);
    for (size_t i = 0; i < shapes.size(); ++i) {
      for (int64_t c = 0; c < layers[8 * i + 7]; ++c) {
        float& var = p->data()[layers[8 * i + 5] + c];
        var = 0.1f + 0.5f * (var + 1);
      }
    }
    return p;
  };
  const auto count = static_cast<int64_t>(shapes.size());
  add_comparison(table, "fold_bn" + name, 1e-6, [=](const Side& side) {
    Ptr folded = random({at}, 2);
    (side.gpu ? cuda::fold_bn : fold_bn)(folded.get(), parameters().get(), layers.data(), count, 1e-3f);
    return outputs(std::move(folded));
  });
  add_comparison(table, "fold_bn_grad" + name, 1e-5, [=](const Side& side) {
    Ptr g = random({at}, 7);
    (side.gpu ? cuda::fold_bn_grad : fold_bn_grad)(g.get(), parameters().get(), layers.data(), count, 1e-3f);
    return outputs(std::move(g));
  });
}

}  // namespace

void add_norm_kernel_cases(Table& table) {
  for (const int64_t rows : {0, 1, 7, 63, 257}) {
    for (const int64_t channels : {1, 31, 33}) add_sum_rows(table, rows, channels);
  }
  add_sum_rows(table, 3, 0);
  for (const int64_t rows : {1, 2, 101}) {
    for (const int64_t channels : {1, 5, 64, 65}) add_batch_norm(table, rows, channels);
  }
  // Variances 1e8 times smaller than the means' squares.
  add_comparison(table, "batch_norm far from zero", 1e-5, [](const Side& side) {
    const Ptr x = random({500, 3}, 1);
    for (int64_t i = 0; i < x->size(); ++i) x->data()[i] = x->data()[i] * 0.1f + 1000;
    Ptr y = empty({500, 3}), mean = empty({3}), var = empty({3});
    (side.gpu ? cuda::batch_norm : batch_norm)(y.get(), mean.get(), var.get(), x.get(), vector(3, 2, 0.5f).get(),
                                               vector(3, 3, 0).get(), 1e-3f);
    return outputs(std::move(mean), std::move(var));
  });
  add_comparison(table, "batch_norm NaN stays in its channel", 1e-5, [](const Side& side) {
    const Ptr x = random({40, 3}, 1);
    x->data()[4] = NAN;
    Ptr y = empty({40, 3}), mean = empty({3}), var = empty({3});
    (side.gpu ? cuda::batch_norm : batch_norm)(y.get(), mean.get(), var.get(), x.get(), vector(3, 2, 0.5f).get(),
                                               vector(3, 3, 0).get(), 1e-3f);
    return outputs(std::move(y), std::move(mean), std::move(var));
  });
  for (const float bad : {NAN, INFINITY}) {
    add_comparison(table, "sum_rows with " + std::to_string(bad), 1e-5, [=](const Side& side) {
      const Ptr x = random({70, 33}, 1);
      x->data()[69 * 33 + 32] = bad;
      Ptr y = empty({33});
      (side.gpu ? cuda::sum_rows : sum_rows)(y.get(), x.get());
      return outputs(std::move(y));
    });
    add_comparison(table, "batch_norm_grad with " + std::to_string(bad), 1e-5, [=](const Side& side) {
      const Ptr dy = random({40, 5}, 4);
      dy->data()[39 * 5 + 3] = bad;
      Ptr dx = empty({40, 5}), dgamma = empty({5}), dbeta = empty({5});
      (side.gpu ? cuda::batch_norm_grad : batch_norm_grad)(dx.get(), dgamma.get(), dbeta.get(), dy.get(),
                                                           random({40, 5}, 1).get(), vector(5, 2, 0.5f).get(),
                                                           vector(5, 3, -0.5f).get(), vector(5, 5, 0.3f).get(), 1e-3f);
      return outputs(std::move(dx), std::move(dgamma), std::move(dbeta));
    });
  }
  add_fold_bn(table, {});
  add_fold_bn(table, {{1, 1, 1, 1}});
  add_fold_bn(table, {{1, 1, 67, 33}, {3, 3, 13, 31}, {3, 3, 0, 5}, {1, 1, 3, 0}, {3, 3, 61, 40}, {1, 1, 2, 65}});
}

}  // namespace selvage::test

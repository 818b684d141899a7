#include <algorithm>
#include <cmath>

#include "harness.h"

namespace selvage::test {
namespace {

void add_matmul(Table& table, int64_t m, int64_t k, int64_t n, bool ta, bool tb) {
  const std::string name = "matmul " + text({m, k, n}) + (ta ? " T" : " N") + (tb ? "T" : "N");
  table.push_back(
      {name, 2e-6, [=] {
         const Ptr a = random(ta ? Shape{k, m} : Shape{m, k}, 1), b = random(tb ? Shape{n, k} : Shape{k, n}, 2);
         const Ptr bias = random({n}, 3), y = empty({m, n});
         matmul(y.get(), a.get(), b.get(), bias.get(), ta, tb, true);
         std::vector<double> expected(m * n);
         for (int64_t i = 0; i < m * n; ++i) {
           double total = bias->data()[i % n];
           for (int64_t l = 0; l < k; ++l) {
             total += static_cast<double>(a->data()[ta ? l * m + i / n : i / n * k + l]) *
                      b->data()[tb ? i % n * k + l : l * n + i % n];
           }
           expected[i] = std::max(total, 0.0);
         }
         return distance(*y, expected);
       }});
}

// Layers in an arena with gaps, each w first and then the five vectors.
struct Folding {
  std::vector<int64_t> layers;
  Ptr p, folded;
  explicit Folding(const std::vector<Shape>& shapes) {
    int64_t at = 3;
    for (const Shape& shape : shapes) {
      const int64_t c = shape.back();
      int64_t size = 1;
      for (int64_t d : shape) size *= d;
      layers.insert(layers.end(), {at, at + size, at + size + c, at + size + 2 * c, at + size + 3 * c,
                                   at + size + 4 * c + 1, size / c, c});
      at += size + 5 * c + 4;
    }
    p = random({at}, 1), folded = random({at}, 2);
    for (size_t i = 0; i < shapes.size(); ++i) {
      for (int64_t c = 0; c < channels(i); ++c) value(i, 5, c) = 0.5f + std::abs(value(i, 5, c));
    }
  }
  int64_t count() const { return static_cast<int64_t>(layers.size()) / 8; }
  int64_t rows(size_t layer) const { return layers[8 * layer + 6]; }
  int64_t channels(size_t layer) const { return layers[8 * layer + 7]; }
  // Array 0 is w, 1 b, 2 gamma, 3 beta, 4 mean, 5 var.
  float& value(size_t layer, int array, int64_t i) const { return p->data()[layers[8 * layer + array] + i]; }
  void fold() { fold_bn(folded.get(), p.get(), layers.data(), count(), 1e-3f); }
};

std::string names(const std::vector<Shape>& shapes) {
  std::string all;
  for (const Shape& shape : shapes) all += " " + text(shape);
  return all;
}

void add_fold_bn(Table& table, const std::vector<Shape>& shapes) {
  table.push_back({"fold_bn" + names(shapes), 1e-6, [shapes] {
                     Folding f(shapes);
                     std::vector<double> expected(f.folded->data(), f.folded->data() + f.folded->size());
                     for (size_t i = 0; i < shapes.size(); ++i) {
                       const int64_t c = f.channels(i);
                       const auto s = [&](int64_t k) { return f.value(i, 2, k) / std::sqrt(f.value(i, 5, k) + 1e-3); };
                       for (int64_t k = 0; k < f.rows(i) * c; ++k) {
                         expected[f.layers[8 * i] + k] = f.value(i, 0, k) * s(k % c);
                       }
                       for (int64_t k = 0; k < c; ++k) {
                         expected[f.layers[8 * i + 1] + k] =
                             (f.value(i, 1, k) - f.value(i, 4, k)) * s(k) + f.value(i, 3, k);
                       }
                     }
                     f.fold();
                     return distance(*f.folded, expected);
                   }});
  table.push_back({"fold_bn finite differences" + names(shapes), 2e-4, [shapes] {
                     Folding f(shapes);
                     const Ptr g = random({f.p->size()}, 7), slopes = empty({f.p->size()});
                     std::copy(g->data(), g->data() + g->size(), slopes->data());
                     fold_bn_grad(slopes.get(), f.p.get(), f.layers.data(), f.count(), 1e-3f);
                     const auto loss = [&] {
                       f.fold();
                       double sum = 0;
                       for (size_t i = 0; i < shapes.size(); ++i) {
                         for (int array : {0, 1}) {
                           const int64_t at = f.layers[8 * i + array];
                           const int64_t size = array == 0 ? f.rows(i) * f.channels(i) : f.channels(i);
                           for (int64_t k = at; k < at + size; ++k) {
                             sum += static_cast<double>(f.folded->data()[k]) * g->data()[k];
                           }
                         }
                       }
                       return sum;
                     };
                     double worst = 0;
                     for (size_t i = 0; i < shapes.size(); ++i) {
                       for (int array = 0; array < 4; ++array) {
                         const int64_t size = array == 0 ? f.rows(i) * f.channels(i) : f.channels(i);
                         Tensor part(f.p.get(), f.layers[8 * i + array], &size, 1);
                         const Tensor slope(slopes.get(), f.layers[8 * i + array], &size, 1);
                         worst = std::max(worst, slope_error(loss, part, slope, 1.0f));
                       }
                     }
                     return worst;
                   }});
}

void add_batch_norm(Table& table, const Shape& shape) {
  const int64_t c = shape.back();
  table.push_back({"batch_norm " + text(shape), 1e-5, [=] {
                     const Ptr x = random(shape, 1), gamma = random({c}, 2), beta = random({c}, 3), y = empty(shape);
                     const Ptr mean = empty({c}), var = empty({c});
                     batch_norm(y.get(), mean.get(), var.get(), x.get(), gamma.get(), beta.get(), 1e-3f);
                     std::vector<double> m(c, 0.0), v(c, 0.0), expected(x->size());
                     const double rows = static_cast<double>(x->size() / c);
                     for (int64_t i = 0; i < x->size(); ++i) m[i % c] += x->data()[i] / rows;
                     for (int64_t i = 0; i < x->size(); ++i)
                       v[i % c] += (x->data()[i] - m[i % c]) * (x->data()[i] - m[i % c]) / rows;
                     for (int64_t i = 0; i < x->size(); ++i) {
                       expected[i] = gamma->data()[i % c] * (x->data()[i] - m[i % c]) / std::sqrt(v[i % c] + 1e-3) +
                                     beta->data()[i % c];
                     }
                     return std::max({distance(*y, expected), distance(*mean, m), distance(*var, v)});
                   }});
  table.push_back({"batch_norm finite differences " + text(shape), 2e-3, [=] {
                     const Ptr x = random(shape, 1), gamma = random({c}, 2), beta = random({c}, 3), y = empty(shape);
                     const Ptr mean = empty({c}), var = empty({c}), dy = random(shape, 4);
                     const Ptr dx = empty(shape), dgamma = empty({c}), dbeta = empty({c});
                     const auto loss = [&] {
                       batch_norm(y.get(), mean.get(), var.get(), x.get(), gamma.get(), beta.get(), 1e-3f);
                       return dot(*y, *dy);
                     };
                     loss();
                     batch_norm_grad(dx.get(), dgamma.get(), dbeta.get(), dy.get(), x.get(), gamma.get(), mean.get(),
                                     var.get(), 1e-3f);
                     return std::max({slope_error(loss, *x, *dx, 0.01f), slope_error(loss, *gamma, *dgamma, 1.0f),
                                      slope_error(loss, *beta, *dbeta, 1.0f)});
                   }});
}

}  // namespace

void add_dense_cases(Table& table) {
  for (bool ta : {false, true}) {
    for (bool tb : {false, true}) {
      add_matmul(table, 1, 1, 1, ta, tb);
      add_matmul(table, 33, 65, 17, ta, tb);
      add_matmul(table, 128, 40, 64, ta, tb);
    }
  }
  add_fold_bn(table, {{1, 1, 5, 3}});
  add_fold_bn(table, {{3, 3, 16, 24}, {7, 7, 3, 64}, {1, 1, 40, 33}});
  table.push_back({"fold_bn names what is wrong", 0, [] {
                     const Ptr p = empty({20}), folded = empty({20});
                     const int64_t layers[] = {0, 8, 10, 12, 14, 16, 4, 2, 4, 8, 10, 12, 14, 16, 9, 2};
                     return throws([&] { fold_bn(folded.get(), p.get(), layers, 2, 1e-3f); },
                                   "fold_bn: layer 1 needs to lie in the 20 floats of p, lies in 4 to 22");
                   }});
  for (const Shape& shape : {Shape{2, 3, 5, 7}, Shape{4, 9, 9, 32}, Shape{40, 6}}) add_batch_norm(table, shape);
  table.push_back({"sum_rows 1000x37", 1e-6, [] {
                     const Ptr x = random({10, 100, 37}, 1), y = empty({37});
                     sum_rows(y.get(), x.get());
                     std::vector<double> expected(37, 0.0);
                     for (int64_t i = 0; i < x->size(); ++i) expected[i % 37] += x->data()[i];
                     return distance(*y, expected);
                   }});
  table.push_back({"softmax of large logits", 1e-6, [] {
                     const Ptr x = of({2, 3}, {1000, 1001, 999, -5, 0, 5}), y = empty({2, 3});
                     softmax(y.get(), x.get());
                     std::vector<double> expected;
                     for (int r = 0; r < 2; ++r) {
                       double total = 0;
                       for (int c = 0; c < 3; ++c) total += std::exp(x->data()[3 * r + c] - x->data()[3 * r + 1]);
                       for (int c = 0; c < 3; ++c)
                         expected.push_back(std::exp(x->data()[3 * r + c] - x->data()[3 * r + 1]) / total);
                     }
                     return distance(*y, expected);
                   }});
  table.push_back({"matmul names what is wrong", 0, [] {
                     const Ptr a = empty({2, 3}), b = empty({4, 5}), y = empty({2, 5});
                     return throws([&] { matmul(y.get(), a.get(), b.get(), nullptr, false, false, false); },
                                   "matmul: b [4,5] needs 3 along the inner axis, a has [2,3]");
                   }});
}

}  // namespace selvage::test

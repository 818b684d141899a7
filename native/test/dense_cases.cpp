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

struct Folding {
  Ptr w, b, gamma, beta, mean, var, wf, bf;
  explicit Folding(const Shape& shape) {
    const int64_t c = shape.back();
    w = random(shape, 1), b = random({c}, 2), gamma = random({c}, 3), beta = random({c}, 4), mean = random({c}, 5);
    var = random({c}, 6), wf = empty(shape), bf = empty({c});
    for (int64_t i = 0; i < c; ++i) var->data()[i] = 0.5f + std::abs(var->data()[i]);
  }
  void fold() { fold_bn(wf.get(), bf.get(), w.get(), b.get(), gamma.get(), beta.get(), mean.get(), var.get(), 1e-3f); }
};

void add_fold_bn(Table& table, const Shape& shape) {
  table.push_back({"fold_bn " + text(shape), 1e-6, [shape] {
                     Folding f(shape);
                     f.fold();
                     const int64_t c = shape.back();
                     std::vector<double> wf(f.w->size()), bf(c);
                     const auto s = [&](int64_t i) { return f.gamma->data()[i] / std::sqrt(f.var->data()[i] + 1e-3); };
                     for (int64_t i = 0; i < f.w->size(); ++i) wf[i] = f.w->data()[i] * s(i % c);
                     for (int64_t i = 0; i < c; ++i)
                       bf[i] = (f.b->data()[i] - f.mean->data()[i]) * s(i) + f.beta->data()[i];
                     return std::max(distance(*f.wf, wf), distance(*f.bf, bf));
                   }});
  table.push_back({"fold_bn finite differences " + text(shape), 2e-4, [shape] {
                     Folding f(shape);
                     const int64_t c = shape.back();
                     const Ptr dwf = random(shape, 7), dbf = random({c}, 8), dw = empty(shape), db = empty({c});
                     const Ptr dgamma = empty({c}), dbeta = empty({c});
                     fold_bn_grad(dw.get(), db.get(), dgamma.get(), dbeta.get(), dwf.get(), dbf.get(), f.w.get(),
                                  f.b.get(), f.gamma.get(), f.mean.get(), f.var.get(), 1e-3f);
                     const auto loss = [&] {
                       f.fold();
                       return dot(*f.wf, *dwf) + dot(*f.bf, *dbf);
                     };
                     return std::max({slope_error(loss, *f.w, *dw, 1.0f), slope_error(loss, *f.b, *db, 1.0f),
                                      slope_error(loss, *f.gamma, *dgamma, 1.0f),
                                      slope_error(loss, *f.beta, *dbeta, 1.0f)});
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
  for (const Shape& shape : {Shape{1, 1, 5, 3}, Shape{3, 3, 16, 24}, Shape{7, 7, 3, 64}}) add_fold_bn(table, shape);
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

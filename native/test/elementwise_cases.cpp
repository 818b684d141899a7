#include <cmath>
#include <cstring>
#include <limits>

#include "harness.h"

namespace selvage::test {
namespace {

// Every element of y against a function of its place.
double each(const Tensor& y, const std::function<double(int64_t)>& expected) {
  std::vector<double> values(y.size());
  for (int64_t i = 0; i < y.size(); ++i) values[i] = expected(i);
  return distance(y, values);
}

// The norm that l2_grad gives.
double norm_of(Tensor* g, const Tensor* p, const std::vector<int64_t>& begins, const std::vector<int64_t>& sizes,
               const std::vector<float>& coefficients) {
  const Ptr y = empty({2});
  l2_grad(y.get(), g, p, begins.data(), sizes.data(), coefficients.data(), static_cast<int64_t>(sizes.size()));
  double squares;
  std::memcpy(&squares, y->data(), sizeof squares);
  return std::sqrt(squares);
}

void add_for_size(Table& table, int64_t n) {
  const std::string size = " " + std::to_string(n);
  table.push_back({"add" + size, 1e-6, [n] {
                     const Ptr a = random({n}, 1), b = random({n}, 2), y = random({n}, 1);
                     add(y.get(), b.get());
                     return each(*y, [&](int64_t i) { return static_cast<double>(a->data()[i]) + b->data()[i]; });
                   }});
  table.push_back({"scale" + size, 1e-6, [n] {
                     const Ptr a = random({n}, 1), y = random({n}, 1);
                     scale(y.get(), -2.5f);
                     return each(*y, [&](int64_t i) { return -2.5 * a->data()[i]; });
                   }});
  table.push_back({"average" + size, 1e-6, [n] {
                     const Ptr a = random({n}, 1), b = random({n}, 2), y = random({n}, 1);
                     average(y.get(), b.get(), 0.3f);
                     return each(
                         *y, [&](int64_t i) { return 0.7 * a->data()[i] + 0.3 * static_cast<double>(b->data()[i]); });
                   }});
  table.push_back({"average of the same" + size, 0, [n] {
                     const Ptr a = random({n}, 1), y = random({n}, 1);
                     average(y.get(), a.get(), 0.3f);
                     return each(*y, [&](int64_t i) { return a->data()[i]; });
                   }});
  table.push_back({"copy" + size, 0, [n] {
                     const Ptr a = random({n}, 1), y = empty({n});
                     copy(y.get(), a.get());
                     return each(*y, [&](int64_t i) { return a->data()[i]; });
                   }});
  table.push_back({"sum and sum_squares" + size, 1e-12, [n] {
                     const Ptr a = random({n}, 1);
                     double plain = 0, squares = 0;
                     for (int64_t i = 0; i < n; ++i) {
                       plain += a->data()[i];
                       squares += static_cast<double>(a->data()[i]) * a->data()[i];
                     }
                     return std::abs(sum(a.get()) - plain) / (1 + std::abs(plain)) +
                            std::abs(sum_squares(a.get()) - squares) / (1 + squares);
                   }});
  table.push_back(
      {"add_relu" + size, 1e-6, [n] {
         const Ptr a = random({n}, 1), b = random({n}, 2), y = empty({n});
         add_relu(y.get(), a.get(), b.get(), true);
         return each(*y, [&](int64_t i) { return std::max(0.0, static_cast<double>(a->data()[i]) + b->data()[i]); });
       }});
  table.push_back({"add_relu without residual" + size, 0, [n] {
                     const Ptr a = random({n}, 1), y = empty({n});
                     add_relu(y.get(), a.get(), nullptr, true);
                     return each(*y, [&](int64_t i) { return std::max(0.0f, a->data()[i]); });
                   }});
  table.push_back({"relu_grad in place" + size, 0, [n] {
                     const Ptr y = random({n}, 1), dy = random({n}, 2), dx = random({n}, 2);
                     relu_grad(dx.get(), dx.get(), y.get());
                     return each(*dx, [&](int64_t i) { return y->data()[i] > 0 ? dy->data()[i] : 0.0; });
                   }});
  table.push_back({"sigmoid" + size, 1e-6, [n] {
                     const Ptr x = random({n}, 1), y = empty({n});
                     sigmoid(y.get(), x.get());
                     return each(*y, [&](int64_t i) { return 1 / (1 + std::exp(-static_cast<double>(x->data()[i]))); });
                   }});
  // Two stretches with a gap of one element, which nothing may touch.
  const std::vector<int64_t> begins = {n / 2 + 1, 0}, sizes = {n - n / 2 - 1, n / 2};
  const auto learns = [n](int64_t i) { return i != n / 2; };
  table.push_back({"sgd" + size, 1e-6, [=] {
                     const Ptr p = random({n}, 1), m = random({n}, 2), g = random({n}, 3);
                     const Ptr p0 = random({n}, 1), m0 = random({n}, 2);
                     sgd(p.get(), m.get(), g.get(), begins.data(), sizes.data(), 2, 0.1f, 0.9f, 0.25f);
                     return each(*p, [&](int64_t i) {
                       return p0->data()[i] + (learns(i) ? 0.9 * m0->data()[i] - 0.1 * 0.25 * g->data()[i] : 0);
                     });
                   }});
  const std::vector<float> coefficients = {0.3f, 0.0f};
  const auto decay = [n](int64_t i) { return i > n / 2 ? 0.3f : 0.0f; };
  table.push_back({"l2" + size, 1e-6, [=] {
                     const Ptr p = random({n}, 1), y = empty({1});
                     l2(y.get(), p.get(), begins.data(), sizes.data(), coefficients.data(), 2);
                     double expected = 0;
                     for (int64_t i = 0; i < n; ++i) expected += decay(i) * p->data()[i] * p->data()[i];
                     return distance(*y, {expected});
                   }});
  table.push_back({"l2_grad" + size, 1e-6, [=] {
                     const Ptr p = random({n}, 1), g = random({n}, 2), g0 = random({n}, 2);
                     const double norm = norm_of(g.get(), p.get(), begins, sizes, coefficients);
                     double squares = 0;
                     for (int64_t i = 0; i < n; ++i) squares += learns(i) ? g->data()[i] * g->data()[i] : 0;
                     const double off = std::abs(norm - std::sqrt(squares));
                     return off / std::max(1.0, norm) +
                            each(*g, [&](int64_t i) { return g0->data()[i] + 2 * decay(i) * p->data()[i]; });
                   }});
}

}  // namespace

void add_elementwise_cases(Table& table) {
  for (int64_t n : {1, 7, 64, 16383, 40961}) add_for_size(table, n);
  table.push_back({"all_finite", 0, [] {
                     const Ptr x = random({1000}, 1);
                     const bool good = all_finite(x.get());
                     x->data()[777] = std::numeric_limits<float>::infinity();
                     const bool infinite = all_finite(x.get());
                     x->data()[777] = NAN;
                     return good && !infinite && !all_finite(x.get()) ? 0.0 : 1.0;
                   }});
  table.push_back({"mold_images", 0, [] {
                     const std::vector<uint8_t> rgb = {0, 128, 255, 1, 2, 3};
                     const Ptr y = empty({1, 1, 2, 3});
                     mold_images(y.get(), rgb.data(), 6, 10, 20, 30);
                     return distance(*y, {-10, 108, 225, -9, -18, -27});
                   }});
  table.push_back({"add names what is wrong", 0, [] {
                     const Ptr y = empty({3}), x = empty({4});
                     return throws([&] { add(y.get(), x.get()); }, "add: y [3] needs 4 elements, has 3");
                   }});
}

}  // namespace selvage::test

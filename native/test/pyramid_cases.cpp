#include <algorithm>
#include <limits>

#include "harness.h"

namespace selvage::test {
namespace {

void add_max_pool(Table& table, const Shape& s) {
  const int64_t h = s[1], w = s[2], channels = s[3], oh = (h + 1) / 2, ow = (w + 1) / 2;
  const Shape pooled = {s[0], oh, ow, channels};
  table.push_back({"max_pool " + text(s), 0, [=] {
                     const Ptr x = random(s, 1), y = empty(pooled);
                     max_pool(y.get(), x.get());
                     std::vector<double> expected(y->size(), -std::numeric_limits<double>::infinity());
                     for (int64_t o = 0; o < y->size(); ++o) {
                       const int64_t c = o % channels, ox = o / channels % ow, oy = o / channels / ow % oh,
                                     n = o / channels / ow / oh;
                       for (int64_t tap = 0; tap < 9; ++tap) {
                         const int64_t iy = 2 * oy - h % 2 + tap / 3, ix = 2 * ox - w % 2 + tap % 3;
                         if (iy < 0 || iy >= h || ix < 0 || ix >= w) continue;
                         expected[o] = std::max<double>(expected[o], x->data()[((n * h + iy) * w + ix) * channels + c]);
                       }
                     }
                     return distance(*y, expected);
                   }});
  table.push_back({"max_pool finite differences " + text(s), 5e-3, [=] {
                     const Ptr x = random(s, 1), y = empty(pooled), dy = random(pooled, 2), dx = empty(s);
                     // Values far apart, so that no step changes which one is largest.
                     for (int64_t i = 0; i < x->size(); ++i) x->data()[i] = static_cast<float>((i * 7919) % 4099) / 64;
                     const auto loss = [&] {
                       max_pool(y.get(), x.get());
                       return dot(*y, *dy);
                     };
                     loss();
                     max_pool_grad(dx.get(), dy.get(), x.get(), y.get());
                     return slope_error(loss, *x, *dx, 1.0f / 256);
                   }});
}

void add_upsample(Table& table, const Shape& s) {
  const Shape large = {s[0], 2 * s[1], 2 * s[2], s[3]};
  table.push_back({"upsample_add " + text(s), 1e-6, [=] {
                     const Ptr top = random(s, 1), lateral = random(large, 2), y = empty(large);
                     upsample_add(y.get(), top.get(), lateral.get());
                     std::vector<double> expected(y->size());
                     for (int64_t o = 0; o < y->size(); ++o) {
                       const int64_t c = o % s[3], ox = o / s[3] % large[2], line = o / s[3] / large[2];
                       const int64_t above =
                           ((line / large[1] * s[1] + line % large[1] / 2) * s[2] + ox / 2) * s[3] + c;
                       expected[o] = static_cast<double>(lateral->data()[o]) + top->data()[above];
                     }
                     return distance(*y, expected);
                   }});
  table.push_back({"upsample finite differences " + text(s), 1e-4, [=] {
                     const Ptr top = random(s, 1), lateral = random(large, 2), y = empty(large), dy = random(large, 3),
                               dtop = empty(s);
                     upsample_grad(dtop.get(), dy.get());
                     const auto loss = [&] {
                       upsample_add(y.get(), top.get(), lateral.get());
                       return dot(*y, *dy);
                     };
                     return slope_error(loss, *top, *dtop, 1.0f);
                   }});
}

void add_subsample(Table& table, const Shape& s) {
  const Shape small = {s[0], (s[1] + 1) / 2, (s[2] + 1) / 2, s[3]};
  table.push_back({"subsample " + text(s), 0, [=] {
                     const Ptr x = random(s, 1), y = empty(small);
                     subsample(y.get(), x.get());
                     std::vector<double> expected;
                     for (int64_t i = 0; i < x->size(); ++i) {
                       const int64_t ix = i / s[3] % s[2], iy = i / s[3] / s[2] % s[1];
                       if (ix % 2 == 0 && iy % 2 == 0) expected.push_back(x->data()[i]);
                     }
                     return distance(*y, expected);
                   }});
  table.push_back({"subsample finite differences " + text(s), 1e-4, [=] {
                     const Ptr x = random(s, 1), y = empty(small), dy = random(small, 2), dx = empty(s);
                     fill(dx.get(), 0.0f);
                     subsample_grad(dx.get(), dy.get());
                     const auto loss = [&] {
                       subsample(y.get(), x.get());
                       return dot(*y, *dy);
                     };
                     return slope_error(loss, *x, *dx, 1.0f);
                   }});
}

}  // namespace

void add_pyramid_cases(Table& table) {
  for (const Shape& s : {Shape{1, 1, 1, 1}, Shape{2, 7, 10, 3}, Shape{1, 8, 9, 20}}) {
    add_max_pool(table, s);
    add_upsample(table, s);
    add_subsample(table, s);
  }
  table.push_back({"pyramid of no channels", 0, [] {
                     const Ptr small = empty({2, 3, 5, 0}), large = empty({2, 6, 10, 0});
                     max_pool(small.get(), large.get());
                     max_pool_grad(large.get(), small.get(), large.get(), small.get());
                     upsample_add(large.get(), small.get(), large.get());
                     upsample_grad(small.get(), large.get());
                     subsample(small.get(), large.get());
                     subsample_grad(large.get(), small.get());
                     return 0.0;
                   }});
  table.push_back({"subsample_grad adds", 0, [] {
                     const Ptr dx = of({1, 1, 1, 2}, {1, 2}), dy = of({1, 1, 1, 2}, {10, 20});
                     subsample_grad(dx.get(), dy.get());
                     return distance(*dx, {11, 22});
                   }});
}

}  // namespace selvage::test

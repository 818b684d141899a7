#include <algorithm>
#include <cmath>

#include "harness.h"

namespace selvage::test {
namespace {

// The losses as numbers.
double cross_entropy_of(Tensor* dlogits, const Tensor* logits, const std::vector<int32_t>& labels) {
  const Ptr loss = empty({1});
  softmax_cross_entropy(loss.get(), dlogits, logits, list(labels).get());
  return loss->data()[0];
}

// Of boxes [R,4] that all count.
double box_loss_of(Tensor* dpred, const Tensor* pred, const Tensor* target) {
  const int64_t rois = pred->dim(0);
  const Ptr loss = empty({1}), slope = empty({rois, 1, 4}), boxes = empty({rois, 1, 4});
  std::copy(pred->data(), pred->data() + pred->size(), boxes->data());
  box_loss(loss.get(), slope.get(), boxes.get(), target, list(std::vector<int32_t>(rois, 1)).get());
  std::copy(slope->data(), slope->data() + slope->size(), dpred->data());
  return loss->data()[0];
}

double mask_loss_of(Tensor* dlogits, const Tensor* logits, const Tensor* target) {
  const Ptr loss = empty({1});
  mask_loss(loss.get(), dlogits, logits, target, list(std::vector<int32_t>(logits->dim(0), 1)).get());
  return loss->data()[0];
}

}  // namespace

void add_loss_cases(Table& table) {
  table.push_back({"softmax_cross_entropy", 1e-6, [] {
                     const Ptr x = random({6, 5}, 1), g = empty({6, 5});
                     const std::vector<int32_t> labels = {0, 4, -1, 2, -1, 3};
                     double expected = 0;
                     for (int r = 0; r < 6; ++r) {
                       if (labels[r] < 0) continue;
                       double total = 0;
                       for (int c = 0; c < 5; ++c) total += std::exp(x->data()[5 * r + c]);
                       expected += (std::log(total) - x->data()[5 * r + labels[r]]) / 4;
                     }
                     return std::abs(cross_entropy_of(g.get(), x.get(), labels) - expected);
                   }});
  table.push_back({"softmax_cross_entropy finite differences", 1e-3, [] {
                     const Ptr x = random({6, 5}, 1), g = empty({6, 5}), unused = empty({6, 5});
                     const std::vector<int32_t> labels = {0, 4, -1, 2, -1, 3};
                     cross_entropy_of(g.get(), x.get(), labels);
                     return slope_error([&] { return cross_entropy_of(unused.get(), x.get(), labels); }, *x, *g, 0.01f);
                   }});
  table.push_back({"softmax_cross_entropy without labels is zero", 0, [] {
                     const Ptr x = random({2, 5}, 1), g = random({2, 5}, 2);
                     const std::vector<int32_t> labels = {-1, -1};
                     return cross_entropy_of(g.get(), x.get(), labels) + sum_squares(g.get());
                   }});
  table.push_back({"softmax_cross_entropy of NaN is NaN", 0, [] {
                     const Ptr x = of({1, 2}, {NAN, 0}), g = empty({1, 2});
                     const std::vector<int32_t> labels = {1};
                     return std::isnan(cross_entropy_of(g.get(), x.get(), labels)) ? 0.0 : 1.0;
                   }});
  table.push_back({"box_loss", 1e-7, [] {
                     const Ptr p = of({1, 4}, {0.5f, 3, -4, 1}), t = of({1, 4}, {0, 0, 0, 1}), g = empty({1, 4});
                     const double loss = box_loss_of(g.get(), p.get(), t.get());
                     return std::abs(loss - (0.125 + 2.5 + 3.5) / 4) + distance(*g, {0.125, 0.25, -0.25, 0});
                   }});
  table.push_back({"box_loss finite differences", 1e-3, [] {
                     const Ptr p = random({9, 4}, 1), t = random({9, 4}, 2), g = empty({9, 4}), unused = empty({9, 4});
                     scale(p.get(), 3.0f);
                     box_loss_of(g.get(), p.get(), t.get());
                     return slope_error([&] { return box_loss_of(unused.get(), p.get(), t.get()); }, *p, *g, 1e-3f);
                   }});
  table.push_back(
      {"box_loss: own classes alone, and boxes that all share", 1e-7, [] {
         const Ptr p = random({3, 2, 4}, 1), t = random({3, 4}, 2), g = empty({3, 2, 4}), loss = empty({1});
         box_loss(loss.get(), g.get(), p.get(), t.get(), list({1, 0, -1}).get());
         const Ptr own = of({1, 4}, std::vector<float>(p->data() + 4, p->data() + 8));
         const Ptr target = of({1, 4}, std::vector<float>(t->data(), t->data() + 4)), slope = empty({1, 4});
         const double expected = box_loss_of(slope.get(), own.get(), target.get());
         std::vector<double> gradient(24, 0.0);
         std::copy(slope->data(), slope->data() + 4, gradient.begin() + 4);
         const double off = std::abs(loss->data()[0] - expected) + distance(*g, gradient);
         const Ptr shared = of({1, 1, 4}, std::vector<float>(p->data() + 4, p->data() + 8)), g1 = empty({1, 1, 4});
         box_loss(loss.get(), g1.get(), shared.get(), target.get(), list({7}).get());
         return off + std::abs(loss->data()[0] - expected) +
                distance(*g1, {gradient.begin() + 4, gradient.begin() + 8});
       }});
  table.push_back(
      {"box_loss and mask_loss without a region are zero", 0, [] {
         const Ptr p = random({2, 3, 4}, 1), t = random({2, 4}, 2), g = random({2, 3, 4}, 3), loss = of({1}, {7});
         box_loss(loss.get(), g.get(), p.get(), t.get(), list({0, -1}).get());
         const double boxes = loss->data()[0] + sum_squares(g.get());
         mask_loss(loss.get(), g.get(), p.get(), p.get(), list({0, -1}).get());
         return boxes + loss->data()[0] + sum_squares(g.get());
       }});
  table.push_back({"mask_loss leaves out rows without a region", 0, [] {
                     const Ptr x = random({3, 2, 2}, 1), t = of({3, 2, 2}, {1, 0, 0, 1, 1, 1, 1, 1, 0, 1, 0, 1});
                     const Ptr g = empty({3, 2, 2}), loss = empty({1});
                     x->data()[5] = NAN;
                     mask_loss(loss.get(), g.get(), x.get(), t.get(), list({2, 0, 1}).get());
                     std::vector<float> xs, ts;
                     for (int i : {0, 1, 2, 3, 8, 9, 10, 11}) xs.push_back(x->data()[i]), ts.push_back(t->data()[i]);
                     const Ptr both = of({2, 2, 2}, xs), truth = of({2, 2, 2}, ts), slope = empty({2, 2, 2});
                     const double expected = mask_loss_of(slope.get(), both.get(), truth.get());
                     std::vector<double> gradient(12, 0.0);
                     std::copy(slope->data(), slope->data() + 4, gradient.begin());
                     std::copy(slope->data() + 4, slope->data() + 8, gradient.begin() + 8);
                     return std::abs(loss->data()[0] - expected) + distance(*g, gradient);
                   }});
  table.push_back(
      {"mask_loss and its clipping", 1e-6, [] {
         const Ptr x = of({1, 1, 4}, {0.5f, -2, 40, -40}), t = of({1, 1, 4}, {1, 0, 0, 0}), g = empty({1, 1, 4});
         const double loss = mask_loss_of(g.get(), x.get(), t.get());
         const double p0 = 1 / (1 + std::exp(-0.5)), p1 = 1 / (1 + std::exp(2.0));
         const double expected = (-std::log(p0) - std::log(1 - p1) - std::log(1e-7) - std::log(1 - 1e-7)) / 4;
         return std::abs(loss - expected) / expected + distance(*g, {(p0 - 1) / 4, p1 / 4, 0, 0});
       }});
  table.push_back(
      {"mask_loss finite differences", 1e-3, [] {
         const Ptr x = random({3, 4, 4}, 1), t = random({3, 4, 4}, 2), g = empty({3, 4, 4}), unused = empty({3, 4, 4});
         for (int64_t i = 0; i < t->size(); ++i) t->data()[i] = t->data()[i] > 0 ? 1.0f : 0.0f;
         mask_loss_of(g.get(), x.get(), t.get());
         return slope_error([&] { return mask_loss_of(unused.get(), x.get(), t.get()); }, *x, *g, 0.01f);
       }});
}

}  // namespace selvage::test

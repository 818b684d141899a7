// Rows, patches and the one-channel mask head.
#include <algorithm>

#include "harness.h"

namespace selvage::test {
namespace {

void add_mask_logits(Table& table, int64_t rois, int64_t side, int64_t channels, int64_t classes) {
  const std::string name = " " + text({rois, side, side, channels}) + " of " + std::to_string(classes);
  const auto labels = [=] {
    std::vector<int32_t> of(rois);
    for (int64_t i = 0; i < rois; ++i) of[i] = static_cast<int32_t>(i * 5 % classes);
    return of;
  };
  table.push_back({"mask_logits" + name, 2e-6, [=] {
                     const Ptr x = random({rois, side, side, channels}, 1), w = random({1, 1, channels, classes}, 2);
                     const Ptr b = random({classes}, 3), y = empty({rois, side, side});
                     const std::vector<int32_t> of = labels();
                     mask_logits(y.get(), x.get(), w.get(), b.get(), list(of).get());
                     std::vector<double> expected(y->size());
                     for (int64_t o = 0; o < y->size(); ++o) {
                       const int32_t k = of[o / (side * side)];
                       expected[o] = b->data()[k];
                       for (int64_t c = 0; c < channels; ++c) {
                         expected[o] += static_cast<double>(x->data()[o * channels + c]) * w->data()[c * classes + k];
                       }
                     }
                     return distance(*y, expected);
                   }});
  table.push_back(
      {"mask_logits finite differences" + name, 1e-4, [=] {
         const Ptr x = random({rois, side, side, channels}, 1), w = random({1, 1, channels, classes}, 2);
         const Ptr b = random({classes}, 3), y = empty({rois, side, side}), dy = random({rois, side, side}, 4);
         const Ptr dx = empty(shape_of(*x)), dw = empty(shape_of(*w)), db = empty({classes});
         const std::vector<int32_t> of = labels();
         mask_logits_grad(dx.get(), dw.get(), db.get(), dy.get(), x.get(), w.get(), list(of).get());
         const auto loss = [&] {
           mask_logits(y.get(), x.get(), w.get(), b.get(), list(of).get());
           return dot(*y, *dy);
         };
         return std::max(
             {slope_error(loss, *x, *dx, 1.0f), slope_error(loss, *w, *dw, 1.0f), slope_error(loss, *b, *db, 1.0f)});
       }});
}

}  // namespace

void add_selection_cases(Table& table) {
  table.push_back({"gather_rows", 0, [] {
                     const Ptr x = of({3, 2}, {1, 2, 3, 4, 5, 6}), y = empty({4, 2});
                     const int32_t rows[] = {2, 0, 2, 1};
                     gather_rows(y.get(), x.get(), rows, 4);
                     return distance(*y, {5, 6, 1, 2, 5, 6, 3, 4});
                   }});
  table.push_back({"rows and patches of -1 are left alone", 0, [] {
                     const Ptr x = of({2, 2}, {1, 2, 3, 4}), y = of({2, 2}, {5, 6, 7, 8});
                     const int32_t rows[] = {-1, 1};
                     gather_rows(y.get(), x.get(), rows, 2);
                     scatter_add_rows(x.get(), y.get(), rows, 2);
                     const Ptr map = of({1, 1, 1, 1}, {2}), patches = empty({2, 9});
                     const int32_t positions[] = {-1, 0};
                     fill(patches.get(), 3.0f);
                     gather_patches(patches.get(), map.get(), positions, 2);
                     scatter_add_patches(map.get(), patches.get(), positions, 2);
                     return distance(*y, {5, 6, 3, 4}) + distance(*x, {1, 2, 6, 8}) + distance(*map, {4}) +
                            distance(*patches, {3, 3, 3, 3, 3, 3, 3, 3, 3, 0, 0, 0, 0, 2, 0, 0, 0, 0});
                   }});
  table.push_back({"scatter_add_rows: twice into one row", 0, [] {
                     const Ptr x = of({3, 2}, {1, 2, 3, 4, 5, 6}), y = of({2, 2}, {10, 20, 30, 40});
                     const int32_t rows[] = {1, 1};
                     scatter_add_rows(x.get(), y.get(), rows, 2);
                     return distance(*x, {1, 2, 43, 64, 5, 6});
                   }});
  table.push_back({"gather_rows names what is wrong", 0, [] {
                     const Ptr x = empty({3, 2}), y = empty({1, 2});
                     const int32_t rows[] = {3};
                     return throws([&] { gather_rows(y.get(), x.get(), rows, 1); },
                                   "gather_rows: rows need to be below 3, one is 3");
                   }});
  table.push_back({"patches are what a 3x3 convolution sees", 2e-6, [] {
                     const Ptr x = random({2, 4, 5, 6}, 1), w = random({3, 3, 6, 7}, 2), full = empty({2, 4, 5, 7});
                     conv_block(full.get(), x.get(), w.get(), nullptr, nullptr, 1, 1, false);
                     const std::vector<int32_t> at = {0, 4, 7, 19, 20, 39};
                     const Ptr patches = empty({6, 54}), y = empty({6, 7});
                     gather_patches(patches.get(), x.get(), at.data(), 6);
                     const int64_t flat[] = {54, 7};
                     const Ptr weights(tensor_view(w.get(), 0, flat, 2));
                     matmul(y.get(), patches.get(), weights.get(), nullptr, false, false, false);
                     std::vector<double> expected;
                     for (int32_t p : at) {
                       for (int c = 0; c < 7; ++c) expected.push_back(full->data()[p * 7 + c]);
                     }
                     return distance(*y, expected);
                   }});
  table.push_back(
      {"patches finite differences", 1e-4, [] {
         const Ptr x = random({2, 4, 5, 6}, 1), y = empty({7, 54}), dy = random({7, 54}, 2), dx = empty({2, 4, 5, 6});
         const std::vector<int32_t> at = {0, 4, 7, 8, 19, 20, 39};
         fill(dx.get(), 0.0f);
         scatter_add_patches(dx.get(), dy.get(), at.data(), 7);
         const auto loss = [&] {
           gather_patches(y.get(), x.get(), at.data(), 7);
           return dot(*y, *dy);
         };
         return slope_error(loss, *x, *dx, 1.0f);
       }});
  add_mask_logits(table, 1, 2, 3, 2);
  add_mask_logits(table, 9, 4, 21, 5);
}

}  // namespace selvage::test

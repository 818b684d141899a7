// Softmax, losses with their gradients, and the optimiser.
#include <cmath>
#include <cstring>
#include <limits>

#include "compare_to_cpu.h"

namespace selvage::test {
namespace {

Ptr scaled(const Shape& shape, int seed, float factor) {
  Ptr x = random(shape, seed);
  scale(x.get(), factor);
  return x;
}

void add_softmax(Table& table, int64_t rows, int64_t width) {
  const Shape shape = {rows, width};
  add_comparison(table, "softmax " + text(shape), 1e-6, [=](const Side& side) {
    Ptr y = empty(shape);
    (side.gpu ? cuda::softmax : softmax)(y.get(), scaled(shape, 1, 5).get());
    return outputs(std::move(y));
  });
  add_comparison(table, "softmax_cross_entropy " + text(shape), 1e-5, [=](const Side& side) {
    std::vector<int32_t> labels(rows);
    for (int64_t r = 0; r < rows; ++r) labels[r] = static_cast<int32_t>(r * 7 % (width + 1)) - 1;
    Ptr dlogits = empty(shape);
    Ptr loss = empty({1});
    (side.gpu ? cuda::softmax_cross_entropy : softmax_cross_entropy)(loss.get(), dlogits.get(),
                                                                     scaled(shape, 1, 5).get(), list(labels).get());
    return outputs(std::move(dlogits), std::move(loss));
  });
}

void add_cell_losses(Table& table, int64_t count) {
  add_comparison(table, "mask_loss " + text({count}), 1e-5, [=](const Side& side) {
    Ptr target = random({count}, 2), dlogits = empty({count});
    for (int64_t i = 0; i < count; ++i) target->data()[i] = target->data()[i] > 0 ? 1.0f : 0.0f;
    Ptr loss = empty({1});
    (side.gpu ? cuda::mask_loss : mask_loss)(loss.get(), dlogits.get(), scaled({count}, 1, 20).get(), target.get(),
                                             list(std::vector<int32_t>(count, 1)).get());
    return outputs(std::move(dlogits), std::move(loss));
  });
}

// Some of the regions take part.
void add_region_losses(Table& table, int64_t rois, int64_t classes, int64_t cells) {
  std::vector<int32_t> labels(rois);
  for (int64_t r = 0; r < rois; ++r) labels[r] = static_cast<int32_t>(r * 5 % (classes + 1)) - 1;
  const Shape boxes = {rois, classes, 4}, masks = {rois, cells, cells};
  add_comparison(table, "box_loss " + text(boxes), 1e-5, [=](const Side& side) {
    Ptr dpred = empty(boxes), loss = empty({1});
    (side.gpu ? cuda::box_loss : box_loss)(loss.get(), dpred.get(), scaled(boxes, 1, 3).get(),
                                           random({rois, 4}, 2).get(), list(labels).get());
    return outputs(std::move(dpred), std::move(loss));
  });
  add_comparison(table, "mask_loss " + text(masks), 1e-5, [=](const Side& side) {
    Ptr target = random(masks, 2), dlogits = empty(masks), loss = empty({1});
    for (int64_t i = 0; i < target->size(); ++i) target->data()[i] = target->data()[i] > 0 ? 1.0f : 0.0f;
    (side.gpu ? cuda::mask_loss : mask_loss)(loss.get(), dlogits.get(), scaled(masks, 1, 20).get(), target.get(),
                                             list(labels).get());
    return outputs(std::move(dlogits), std::move(loss));
  });
}

float norm_of(const Side& side, Tensor* g, const Tensor* p, const int64_t* begins, const int64_t* sizes,
              const float* coefficients, int64_t count) {
  const Ptr y = empty({2});
  (side.gpu ? cuda::l2_grad : l2_grad)(y.get(), g, p, begins, sizes, coefficients, count);
  double squares;
  std::memcpy(&squares, y->data(), sizeof squares);
  return static_cast<float>(std::sqrt(squares));
}

// Stretches of these sizes, with a gap of 3 between them, in an arena.
void add_optimiser(Table& table, const std::vector<int64_t>& sizes) {
  add_comparison(table, "l2, l2_grad and sgd " + text(sizes), 1e-6, [=](const Side& side) {
    std::vector<int64_t> begins;
    std::vector<float> coefficients;
    int64_t end = 0;
    for (int64_t size : sizes) {
      begins.push_back(end);
      coefficients.push_back(0.01f * static_cast<float>(begins.size() % 3));
      end += size + 3;
    }
    const int64_t count = static_cast<int64_t>(sizes.size());
    Ptr p = random({end}, 1), m = random({end}, 2), g = random({end}, 3), y = empty({1}), norm = empty({1});
    (side.gpu ? cuda::l2 : l2)(y.get(), p.get(), begins.data(), sizes.data(), coefficients.data(), count);
    norm->data()[0] = norm_of(side, g.get(), p.get(), begins.data(), sizes.data(), coefficients.data(), count);
    (side.gpu ? cuda::sgd : sgd)(p.get(), m.get(), g.get(), begins.data(), sizes.data(), count, 0.1f, 0.9f, 0.7f);
    return outputs(std::move(p), std::move(m), std::move(g), std::move(y), std::move(norm));
  });
}

void add_special_values(Table& table) {
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> odd = {NAN, infinity, -infinity, 100.0f, -100.0f, 16.2f, 0.0f, -0.0f, 1.0f, -1.0f};
  for (const int at : {0, 4, 6}) {
    for (const float bad : {NAN, infinity, -infinity}) {
      const std::string what = " with " + std::to_string(bad) + " at " + std::to_string(at);
      add_comparison(table, "softmax" + what, 1e-6, [=](const Side& side) {
        const Ptr x = random({3, 7}, 1);
        x->data()[7 + at] = bad;
        Ptr y = empty({3, 7});
        (side.gpu ? cuda::softmax : softmax)(y.get(), x.get());
        return outputs(std::move(y));
      });
      add_comparison(table, "softmax_cross_entropy" + what, 1e-6, [=](const Side& side) {
        const Ptr x = random({3, 7}, 1);
        x->data()[7 + at] = bad;
        const std::vector<int32_t> labels = {1, 2, 6};
        Ptr dx = empty({3, 7});
        Ptr loss = empty({1});
        (side.gpu ? cuda::softmax_cross_entropy : softmax_cross_entropy)(loss.get(), dx.get(), x.get(),
                                                                         list(labels).get());
        return outputs(std::move(dx), std::move(loss));
      });
    }
  }
  for (const float bad : {NAN, infinity}) {
    add_comparison(table, "l2, l2_grad and sgd with " + std::to_string(bad), 1e-6, [=](const Side& side) {
      Ptr p = random({5000}, 1), m = random({5000}, 2), g = random({5000}, 3), y = empty({1}), norm = empty({1});
      p->data()[17] = bad;
      g->data()[4999] = bad;
      const int64_t begin = 0, size = 5000;
      const float coefficient = 0.01f;
      (side.gpu ? cuda::l2 : l2)(y.get(), p.get(), &begin, &size, &coefficient, 1);
      norm->data()[0] = norm_of(side, g.get(), p.get(), &begin, &size, &coefficient, 1);
      (side.gpu ? cuda::sgd : sgd)(p.get(), m.get(), g.get(), &begin, &size, 1, 0.1f, 0.9f, 0.7f);
      return outputs(std::move(p), std::move(m), std::move(g), std::move(y), std::move(norm));
    });
  }
  add_comparison(table, "softmax_cross_entropy without a label", 0, [](const Side& side) {
    const std::vector<int32_t> labels = {-1, -1, -1};
    Ptr dx = empty({3, 7});
    Ptr loss = empty({1});
    (side.gpu ? cuda::softmax_cross_entropy : softmax_cross_entropy)(loss.get(), dx.get(), random({3, 7}, 1).get(),
                                                                     list(labels).get());
    return outputs(std::move(dx), std::move(loss));
  });
  for (size_t i = 0; i < odd.size(); ++i) {
    const std::string what = " of " + std::to_string(odd[i]);
    add_comparison(table, "box_loss" + what, 1e-6, [=](const Side& side) {
      Ptr dpred = empty({1, 1, 4});
      Ptr loss = empty({1});
      (side.gpu ? cuda::box_loss : box_loss)(loss.get(), dpred.get(), of({1, 1, 4}, {0.5f, odd[i], 2, 1}).get(),
                                             of({1, 4}, {0, 0, 0, 1}).get(), list({1}).get());
      return outputs(std::move(dpred), std::move(loss));
    });
    add_comparison(table, "mask_loss" + what, 1e-6, [=](const Side& side) {
      Ptr dlogits = empty({3});
      Ptr loss = empty({1});
      (side.gpu ? cuda::mask_loss : mask_loss)(loss.get(), dlogits.get(), of({3}, {0.5f, odd[i], 2}).get(),
                                               of({3}, {0, 1, 1}).get(), list({1, 1, 1}).get());
      return outputs(std::move(dlogits), std::move(loss));
    });
  }
}

}  // namespace

void add_loss_kernel_cases(Table& table) {
  for (const int64_t width : {1, 2, 3, 31, 32, 33, 81}) add_softmax(table, 13, width);
  // Of two classes a block takes 128 rows at a time.
  for (const int64_t rows : {0, 1, 127, 129, 255, 257}) add_softmax(table, rows, 2);
  add_softmax(table, 5, 300);
  for (const int64_t count : {0, 1, 7, 255, 257, 5003}) add_cell_losses(table, count);
  add_region_losses(table, 0, 3, 4);
  add_region_losses(table, 1, 1, 2);
  add_region_losses(table, 9, 3, 5);
  add_region_losses(table, 300, 2, 3);
  add_region_losses(table, 40, 81, 14);
  for (const int64_t size : {0, 1, 255, 257, 4095, 4096, 4097}) add_optimiser(table, {size});
  add_optimiser(table, {});
  add_optimiser(table, {0, 5, 0, 0, 8193, 1, 0});
  add_optimiser(table, {4096, 1, 4096, 31});
  add_special_values(table);
}

}  // namespace selvage::test

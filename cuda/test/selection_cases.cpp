// Rows, patches, and the one-channel mask head.
#include <cmath>

#include "compare_to_cpu.h"

namespace selvage::test {
namespace {

std::vector<int32_t> indices(int64_t count, int64_t limit, int64_t step) {
  std::vector<int32_t> list(count);
  for (int64_t i = 0; i < count; ++i) list[i] = static_cast<int32_t>(i * step % limit);
  return list;
}

void add_rows(Table& table, int64_t rows, int64_t count, int64_t channels) {
  const std::string name = text({rows, count, channels});
  std::vector<int32_t> list = indices(count, rows, 7);  // repeats where count exceeds rows
  for (int64_t i = 3; i < count; i += 6) list[i] = -1;
  add_comparison_all_types(table, "gather_rows " + name, 0, [=](const Side& side) {
    Ptr y = side.filled({count, channels}, 0.5f);
    (side.gpu ? cuda::gather_rows : gather_rows)(y.get(), side.random({rows, channels}, 1).get(), list.data(), count);
    return outputs(std::move(y));
  });
  add_comparison_all_types(table, "scatter_add_rows " + name, 1e-6, [=](const Side& side) {
    Ptr x = side.random({rows, channels}, 1);
    (side.gpu ? cuda::scatter_add_rows : scatter_add_rows)(x.get(), side.random({count, channels}, 2).get(),
                                                           list.data(), count);
    return outputs(std::move(x));
  });
}

void add_patches(Table& table, const Shape& shape, int64_t count, int64_t step) {
  const std::string name = text(shape) + " at " + std::to_string(count);
  std::vector<int32_t> list = indices(count, shape[0] * shape[1] * shape[2], step);
  for (int64_t i = 3; i < count; i += 6) list[i] = -1;
  const Shape rows = {count, 9 * shape[3]};
  add_comparison_all_types(table, "gather_patches " + name, 0, [=](const Side& side) {
    Ptr y = side.filled(rows, 0.5f);
    (side.gpu ? cuda::gather_patches : gather_patches)(y.get(), side.random(shape, 1).get(), list.data(), count);
    return outputs(std::move(y));
  });
  add_comparison_all_types(table, "scatter_add_patches " + name, 1e-6, [=](const Side& side) {
    Ptr dx = side.random(shape, 1);
    (side.gpu ? cuda::scatter_add_patches : scatter_add_patches)(dx.get(), side.random(rows, 2).get(), list.data(),
                                                                 count);
    return outputs(std::move(dx));
  });
}

void add_mask_logits(Table& table, int64_t rois, int64_t side_length, int64_t channels, int64_t classes) {
  const Shape shape = {rois, side_length, side_length, channels}, cells = {rois, side_length, side_length};
  const std::string name = text(shape) + " classes " + std::to_string(classes);
  const std::vector<int32_t> class_ids = indices(rois, classes, 2);
  add_comparison_all_types(table, "mask_logits " + name, 1e-5, [=](const Side& side) {
    Ptr y = empty(cells);
    (side.gpu ? cuda::mask_logits : mask_logits)(y.get(), side.random(shape, 1).get(),
                                                 random({1, 1, channels, classes}, 2).get(), random({classes}, 3).get(),
                                                 test::list(class_ids).get());
    return outputs(std::move(y));
  });
  add_comparison_all_types(table, "mask_logits_grad " + name, 1e-5, [=](const Side& side) {
    Ptr dx = side.empty(shape), dw = empty({1, 1, channels, classes}), db = empty({classes});
    (side.gpu ? cuda::mask_logits_grad : mask_logits_grad)(
        dx.get(), dw.get(), db.get(), random(cells, 4).get(), side.random(shape, 1).get(),
        random({1, 1, channels, classes}, 2).get(), test::list(class_ids).get());
    return outputs(std::move(dx), std::move(dw), std::move(db));
  });
}

}  // namespace

void add_selection_kernel_cases(Table& table) {
  add_rows(table, 5, 0, 8);
  add_rows(table, 1, 1, 1);
  add_rows(table, 31, 100, 3);
  add_rows(table, 101, 33, 132);
  add_rows(table, 1, 70, 8);
  add_rows(table, 40, 65, 129);
  add_patches(table, {1, 4, 4, 4}, 0, 1);
  add_patches(table, {1, 1, 1, 1}, 1, 1);
  add_patches(table, {2, 5, 7, 3}, 23, 3);
  add_patches(table, {2, 3, 4, 8}, 40, 1);
  add_patches(table, {3, 6, 5, 132}, 9, 11);
  add_mask_logits(table, 0, 4, 8, 3);
  add_mask_logits(table, 1, 1, 1, 1);
  add_mask_logits(table, 5, 7, 33, 4);
  add_mask_logits(table, 7, 9, 132, 3);
  add_mask_logits(table, 3, 4, 8, 81);
  add_mask_logits(table, 2, 8, 31, 2);  // as many cells as a block takes
  add_comparison(table, "mask_logits with NaN and infinity", 1e-5, [](const Side& side) {
    const Ptr x = random({3, 3, 3, 8}, 1), w = random({1, 1, 8, 4}, 2), b = random({4}, 3), dy = random({3, 3, 3}, 4);
    x->data()[5] = NAN;
    x->data()[3 * 3 * 8 + 1] = INFINITY;
    const std::vector<int32_t> class_ids = {2, 0, 2};
    Ptr y = empty({3, 3, 3}), dx = empty({3, 3, 3, 8}), dw = empty({1, 1, 8, 4}), db = empty({4});
    (side.gpu ? cuda::mask_logits : mask_logits)(y.get(), x.get(), w.get(), b.get(), test::list(class_ids).get());
    (side.gpu ? cuda::mask_logits_grad : mask_logits_grad)(dx.get(), dw.get(), db.get(), dy.get(), x.get(), w.get(),
                                                           test::list(class_ids).get());
    return outputs(std::move(y), std::move(dx), std::move(dw), std::move(db));
  });
}

}  // namespace selvage::test

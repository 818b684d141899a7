// Pooling and the pyramid's resampling.
#include <cmath>
#include <limits>

#include "compare_to_cpu.h"

namespace selvage::test {
namespace {

Shape halved(const Shape& x) { return {x[0], (x[1] + 1) / 2, (x[2] + 1) / 2, x[3]}; }

// Few values, so that windows have equal maxima.
Ptr coarse(const Side& side, const Shape& shape, int seed) {
  const Ptr x = random(shape, seed);
  for (int64_t i = 0; i < x->size(); ++i) x->data()[i] = std::round(x->data()[i] * 3);
  return side.rounded(*x);
}

void add_max_pool(Table& table, const Shape& shape) {
  add_comparison_all_types(table, "max_pool " + text(shape), 0, [=](const Side& side) {
    Ptr y = side.empty(halved(shape));
    (side.gpu ? cuda::max_pool : max_pool)(y.get(), side.random(shape, 1).get());
    return outputs(std::move(y));
  });
  add_comparison_all_types(table, "max_pool_grad with equal maxima " + text(shape), 1e-6, [=](const Side& side) {
    const Ptr x = coarse(side, shape, 1), y = side.empty(halved(shape));
    Ptr dx = side.empty(shape);
    (side.gpu ? cuda::max_pool : max_pool)(y.get(), x.get());
    (side.gpu ? cuda::max_pool_grad : max_pool_grad)(dx.get(), side.random(halved(shape), 2).get(), x.get(), y.get());
    return outputs(std::move(dx));
  });
}

void add_resampling(Table& table, const Shape& small) {
  const Shape large = {small[0], 2 * small[1], 2 * small[2], small[3]};
  add_comparison_all_types(table, "upsample_add " + text(small), 0, [=](const Side& side) {
    Ptr y = side.empty(large);
    (side.gpu ? cuda::upsample_add : upsample_add)(y.get(), side.random(small, 1).get(), side.random(large, 2).get());
    return outputs(std::move(y));
  });
  add_comparison_all_types(table, "upsample_grad " + text(small), 1e-6, [=](const Side& side) {
    Ptr dtop = side.empty(small);
    (side.gpu ? cuda::upsample_grad : upsample_grad)(dtop.get(), side.random(large, 3).get());
    return outputs(std::move(dtop));
  });
  add_comparison_all_types(table, "subsample " + text(small), 0, [=](const Side& side) {
    Ptr y = side.empty(halved(small));
    (side.gpu ? cuda::subsample : subsample)(y.get(), side.random(small, 4).get());
    return outputs(std::move(y));
  });
  add_comparison_all_types(table, "subsample_grad adds " + text(small), 0, [=](const Side& side) {
    Ptr dx = side.random(small, 5);
    (side.gpu ? cuda::subsample_grad : subsample_grad)(dx.get(), side.random(halved(small), 6).get());
    return outputs(std::move(dx));
  });
}

void add_rpn_heads(Table& table, const Shape& shape, int64_t ratios) {
  const int64_t n = shape[0], channels = shape[3], first = 4, anchors = first + shape[1] * shape[2] * ratios + 3;
  add_comparison_all_types(table, "rpn_heads " + text(shape) + " of " + std::to_string(ratios), 2e-6,
                           [=](const Side& side) {
                             Ptr logits = random({n, anchors, 2}, 1), deltas = random({n, anchors, 4}, 2);
                             (side.gpu ? cuda::rpn_heads : rpn_heads)(
                                 logits.get(), deltas.get(), first, side.random(shape, 3).get(),
                                 random({1, 1, channels, 2 * ratios}, 4).get(), random({2 * ratios}, 5).get(),
                                 random({1, 1, channels, 4 * ratios}, 6).get(), random({4 * ratios}, 7).get());
                             return outputs(std::move(logits), std::move(deltas));
                           });
}

}  // namespace

void add_pyramid_kernel_cases(Table& table) {
  const std::vector<Shape> shapes = {{0, 4, 4, 8}, {1, 1, 1, 1},   {2, 5, 7, 3},
                                     {1, 6, 4, 8}, {2, 3, 11, 16}, {1, 9, 8, 33}};
  for (const Shape& shape : shapes) {
    add_max_pool(table, shape);
    add_resampling(table, shape);
  }
  add_rpn_heads(table, {0, 4, 4, 8}, 3);
  add_rpn_heads(table, {1, 1, 1, 1}, 1);
  add_rpn_heads(table, {3, 5, 7, 48}, 3);
  add_rpn_heads(table, {2, 3, 4, 13}, 2);
  add_comparison(table, "resampling NaN and infinity", 1e-6, [](const Side& side) {
    const Ptr small = random({1, 3, 5, 3}, 1), large = random({1, 6, 10, 3}, 2);
    small->data()[4] = NAN;
    small->data()[11] = std::numeric_limits<float>::infinity();
    large->data()[7] = NAN;
    large->data()[100] = -std::numeric_limits<float>::infinity();
    Ptr sum = empty({1, 6, 10, 3}), dtop = empty({1, 3, 5, 3}), half = empty({1, 3, 5, 3}),
        dx = random({1, 6, 10, 3}, 3);
    (side.gpu ? cuda::upsample_add : upsample_add)(sum.get(), small.get(), large.get());
    (side.gpu ? cuda::upsample_grad : upsample_grad)(dtop.get(), large.get());
    (side.gpu ? cuda::subsample : subsample)(half.get(), large.get());
    (side.gpu ? cuda::subsample_grad : subsample_grad)(dx.get(), small.get());
    return outputs(std::move(sum), std::move(dtop), std::move(half), std::move(dx));
  });
  add_comparison(table, "max_pool of NaN and infinity", 0, [](const Side& side) {
    const Ptr x = random({1, 7, 7, 3}, 1);
    for (int64_t i = 0; i < x->size(); i += 5) x->data()[i] = NAN;
    for (int64_t i = 0; i < x->size(); i += 11) x->data()[i] = -std::numeric_limits<float>::infinity();
    for (int64_t i = 0; i < x->size(); i += 17) x->data()[i] = std::numeric_limits<float>::infinity();
    Ptr y = empty({1, 4, 4, 3}), dx = empty({1, 7, 7, 3});
    (side.gpu ? cuda::max_pool : max_pool)(y.get(), x.get());
    (side.gpu ? cuda::max_pool_grad : max_pool_grad)(dx.get(), random({1, 4, 4, 3}, 2).get(), x.get(), y.get());
    return outputs(std::move(y), std::move(dx));
  });
}

}  // namespace selvage::test

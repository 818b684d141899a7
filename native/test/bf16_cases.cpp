// Every op that takes maps, on bf16 maps beside the same op on float ones of the same values.
#include <algorithm>
#include <cmath>
#include <iostream>

#include "harness.h"

namespace selvage::test {
namespace {

using Outputs = std::vector<Ptr>;

// One of the two: its maps are of `type`, and of the values that bf16 has.
struct Side {
  Type type;
  Ptr of(const Tensor& x) const { return as_type(*as_floats(*as_type(x, Type::bf16)), type); }
  Ptr random(const Shape& shape, int seed) const { return of(*test::random(shape, seed)); }
  Ptr empty(const Shape& shape) const { return test::empty(shape, type); }
  Ptr zeros(const Shape& shape) const {
    Ptr t = empty(shape);
    fill(t.get(), 0.0f);
    return t;
  }
};

template <typename... Pointers>
Outputs outputs(Pointers... pointers) {
  Outputs all;
  (all.push_back(std::move(pointers)), ...);
  return all;
}

void add(Table& table, const std::string& name, double limit, const std::function<Outputs(const Side&)>& run) {
  table.push_back({"bf16 " + name, limit, [=] {
                     const Outputs narrow = run({Type::bf16}), wide = run({Type::f32});
                     double worst = 0;
                     for (size_t i = 0; i < wide.size(); ++i) {
                       const Ptr expected = as_floats(*wide[i]), found = as_floats(*narrow[i]);
                       const double error =
                           distance(*found, std::vector<double>(expected->data(), expected->data() + expected->size()));
                       if (!(error <= worst)) worst = error;
                     }
                     return worst;
                   }});
}

constexpr double kLimit = 1e-2;

void add_elementwise(Table& table, int64_t n) {
  const std::string size = " " + std::to_string(n);
  add(table, "fill" + size, 0, [=](const Side& s) {
    Ptr y = s.empty({n});
    fill(y.get(), 0.75f);
    return outputs(std::move(y));
  });
  add(table, "copy" + size, 0, [=](const Side& s) {
    Ptr y = s.empty({n});
    copy(y.get(), s.random({n}, 1).get());
    return outputs(std::move(y));
  });
  add(table, "add" + size, kLimit, [=](const Side& s) {
    Ptr y = s.random({n}, 1);
    add(y.get(), s.random({n}, 2).get());
    return outputs(std::move(y));
  });
  add(table, "scale" + size, kLimit, [=](const Side& s) {
    Ptr y = s.random({n}, 1);
    scale(y.get(), -1.7f);
    return outputs(std::move(y));
  });
  add(table, "sums" + size, 1e-6, [=](const Side& s) {
    const Ptr x = s.random({n}, 1);
    return outputs(of({2}, {static_cast<float>(sum(x.get())), static_cast<float>(sum_squares(x.get()))}));
  });
  add(table, "relu_grad in place" + size, 0, [=](const Side& s) {
    Ptr dy = s.random({n}, 1);
    relu_grad(dy.get(), dy.get(), s.random({n}, 2).get());
    return outputs(std::move(dy));
  });
  for (bool residual : {false, true}) {
    add(table, "add_relu" + size + (residual ? " of two" : " of one"), kLimit, [=](const Side& s) {
      Ptr y = s.empty({n});
      add_relu(y.get(), s.random({n}, 1).get(), residual ? s.random({n}, 2).get() : nullptr, true);
      return outputs(std::move(y));
    });
  }
}

struct Conv {
  int64_t n, h, w, in, out, kernel, stride, pad;
  Shape x() const { return {n, h, w, in}; }
  Shape weights() const { return {kernel, kernel, in, out}; }
  Shape y() const { return {n, (h + 2 * pad - kernel) / stride + 1, (w + 2 * pad - kernel) / stride + 1, out}; }
};

void add_conv(Table& table, const Conv& c) {
  const std::string name = " " + text(c.x()) + " by " + text(c.weights()) + " stride " + std::to_string(c.stride);
  add(table, "conv_block" + name, kLimit, [=](const Side& s) {
    Ptr y = s.empty(c.y());
    conv_block(y.get(), s.random(c.x(), 1).get(), random(c.weights(), 2).get(), random({c.out}, 3).get(),
               s.random(c.y(), 4).get(), c.stride, c.pad, true);
    return outputs(std::move(y));
  });
  add(table, "conv_block to logits" + name, kLimit, [=](const Side& s) {
    Ptr y = empty(c.y());
    conv_block(y.get(), s.random(c.x(), 1).get(), random(c.weights(), 2).get(), random({c.out}, 3).get(), nullptr,
               c.stride, c.pad, false);
    return outputs(std::move(y));
  });
  add(table, "conv gradients" + name, kLimit, [=](const Side& s) {
    Ptr dx = s.empty(c.x()), dw = empty(c.weights()), db = empty({c.out});
    const Ptr dy = s.random(c.y(), 1);
    conv_data_grad(dx.get(), dy.get(), random(c.weights(), 2).get(), nullptr, nullptr, nullptr, c.stride, c.pad);
    conv_weight_grad(dw.get(), db.get(), s.random(c.x(), 3).get(), dy.get(), c.stride, c.pad);
    return outputs(std::move(dx), std::move(dw), std::move(db));
  });
}

void add_deconv(Table& table, int64_t n, int64_t h, int64_t w, int64_t in, int64_t out) {
  const Shape x = {n, h, w, in}, y = {n, 2 * h, 2 * w, out}, weights = {2, 2, out, in};
  add(table, "deconv2x2 " + text(x) + " to " + std::to_string(out), kLimit, [=](const Side& s) {
    Ptr enlarged = s.empty(y), dx = s.empty(x), dw = empty(weights), db = empty({out});
    const Ptr values = s.random(x, 1), dy = s.random(y, 2), kernel = random(weights, 3);
    deconv2x2(enlarged.get(), values.get(), kernel.get(), random({out}, 4).get(), true);
    deconv2x2_data_grad(dx.get(), dy.get(), kernel.get(), nullptr, nullptr);
    deconv2x2_weight_grad(dw.get(), db.get(), values.get(), dy.get());
    return outputs(std::move(enlarged), std::move(dx), std::move(dw), std::move(db));
  });
}

// Each of y, a and b is a map or not.
void add_matmul(Table& table, int64_t m, int64_t k, int64_t n, bool ta, bool tb) {
  const std::string name = "matmul " + text({m, k, n}) + (ta ? " T" : " N") + (tb ? "T" : "N");
  for (int maps = 1; maps < 8; ++maps) {
    add(table, name + " maps " + std::to_string(maps), kLimit, [=](const Side& s) {
      const auto side = [&](int bit) { return Side{(maps & bit) != 0 ? s.type : Type::f32}; };
      Ptr y = side(1).empty({m, n});
      matmul(y.get(), side(2).random(ta ? Shape{k, m} : Shape{m, k}, 1).get(),
             side(4).random(tb ? Shape{n, k} : Shape{k, n}, 2).get(), random({n}, 3).get(), ta, tb, true);
      return outputs(std::move(y));
    });
  }
}

void add_long_products(Table& table) {
  // Longer than a stretch of rows, and not a multiple of anything.
  add(table, "matmul of 4999 rows", kLimit, [](const Side& s) {
    Ptr y = s.empty({4999, 9});
    matmul(y.get(), s.random({4999, 6}, 1).get(), random({6, 9}, 2).get(), random({9}, 3).get(), false, false, true);
    return outputs(std::move(y));
  });
  add(table, "matmul over 4999 rows", kLimit, [](const Side& s) {
    Ptr y = empty({6, 9});
    matmul(y.get(), s.random({4999, 6}, 1).get(), s.random({4999, 9}, 2).get(), nullptr, true, false, false);
    return outputs(std::move(y));
  });
}

void add_batch_norm(Table& table, const Shape& shape) {
  const int64_t c = shape.back();
  add(table, "batch_norm " + text(shape), kLimit, [=](const Side& s) {
    Ptr y = s.empty(shape), dx = s.empty(shape), mean = empty({c}), var = empty({c}), dgamma = empty({c}),
        dbeta = empty({c}), sums = empty({c});
    const Ptr x = s.random(shape, 1), gamma = random({c}, 2), beta = random({c}, 3), dy = s.random(shape, 4);
    batch_norm(y.get(), mean.get(), var.get(), x.get(), gamma.get(), beta.get(), 1e-3f);
    batch_norm_grad(dx.get(), dgamma.get(), dbeta.get(), dy.get(), x.get(), gamma.get(), mean.get(), var.get(), 1e-3f);
    sum_rows(sums.get(), x.get());
    return outputs(std::move(y), std::move(dx), std::move(mean), std::move(var), std::move(dgamma), std::move(dbeta),
                   std::move(sums));
  });
}

void add_pyramid(Table& table, const Shape& shape) {
  const Shape half = {shape[0], (shape[1] + 1) / 2, (shape[2] + 1) / 2, shape[3]};
  const Shape twice = {shape[0], 2 * shape[1], 2 * shape[2], shape[3]};
  add(table, "max_pool " + text(shape), kLimit, [=](const Side& s) {
    Ptr y = s.empty(half), dx = s.empty(shape);
    const Ptr x = s.random(shape, 1);
    max_pool(y.get(), x.get());
    max_pool_grad(dx.get(), s.random(half, 2).get(), x.get(), y.get());
    return outputs(std::move(y), std::move(dx));
  });
  add(table, "upsample " + text(shape), kLimit, [=](const Side& s) {
    Ptr y = s.empty(twice), dtop = s.empty(shape);
    upsample_add(y.get(), s.random(shape, 1).get(), s.random(twice, 2).get());
    upsample_grad(dtop.get(), s.random(twice, 3).get());
    return outputs(std::move(y), std::move(dtop));
  });
  add(table, "subsample " + text(shape), kLimit, [=](const Side& s) {
    Ptr y = s.empty(half), dx = s.random(shape, 2);
    subsample(y.get(), s.random(shape, 1).get());
    subsample_grad(dx.get(), s.random(half, 3).get());
    return outputs(std::move(y), std::move(dx));
  });
}

void add_rpn_heads(Table& table) {
  add(table, "rpn_heads", kLimit, [](const Side& s) {
    Ptr logits = random({2, 50, 2}, 1), deltas = random({2, 50, 4}, 2);
    rpn_heads(logits.get(), deltas.get(), 3, s.random({2, 3, 5, 24}, 3).get(), random({1, 1, 24, 6}, 4).get(),
              random({6}, 5).get(), random({1, 1, 24, 12}, 6).get(), random({12}, 7).get());
    return outputs(std::move(logits), std::move(deltas));
  });
}

void add_regions(Table& table, int64_t channels) {
  constexpr int64_t kRois = 40;
  add(table, "roi_align of " + std::to_string(channels) + " channels", kLimit, [=](const Side& s) {
    Outputs maps, gradients;
    for (int64_t side : {16, 8, 4, 2}) {
      maps.push_back(s.random({2, side, side, channels}, static_cast<int>(side)));
      gradients.push_back(s.random({2, side, side, channels}, static_cast<int>(side) + 1));
    }
    // Upper left corners in the upper left quarter, so that many regions lie upon each other.
    const Ptr boxes = random({kRois, 4}, 5);
    std::vector<int32_t> image_indices(kRois);
    for (int64_t i = 0; i < kRois; ++i) {
      float* box = boxes->data() + 4 * i;
      for (int k = 0; k < 4; ++k) box[k] = 0.1f + 0.2f * std::abs(box[k]);
      box[2] += 0.02f * static_cast<float>(i), box[3] += 0.02f * static_cast<float>(i);
      image_indices[i] = static_cast<int32_t>(i % 2);
    }
    const Shape shape = {kRois, 7, 7, channels};
    Ptr y = s.empty(shape);
    roi_align(y.get(), maps[0].get(), maps[1].get(), maps[2].get(), maps[3].get(), boxes.get(),
              list(image_indices).get(), 512, 512);
    roi_align_grad(gradients[0].get(), gradients[1].get(), gradients[2].get(), gradients[3].get(),
                   s.random(shape, 6).get(), boxes.get(), list(image_indices).get(), 512, 512);
    gradients.push_back(std::move(y));
    return gradients;
  });
}

void add_selection(Table& table) {
  add(table, "gather_rows, scatter_add_rows", kLimit, [](const Side& s) {
    const int32_t rows[] = {2, 0, 2, 1};
    Ptr y = s.empty({4, 37}), x = s.random({3, 37}, 1);
    gather_rows(y.get(), x.get(), rows, 4);
    scatter_add_rows(x.get(), s.random({4, 37}, 2).get(), rows, 4);
    return outputs(std::move(y), std::move(x));
  });
  add(table, "gather_patches, scatter_add_patches", kLimit, [](const Side& s) {
    const int32_t at[] = {0, 4, 7, 8, 19, 20, 39};
    Ptr y = s.empty({7, 54}), dx = s.random({2, 4, 5, 6}, 1);
    gather_patches(y.get(), s.random({2, 4, 5, 6}, 2).get(), at, 7);
    scatter_add_patches(dx.get(), s.random({7, 54}, 3).get(), at, 7);
    return outputs(std::move(y), std::move(dx));
  });
  add(table, "mask_logits", kLimit, [](const Side& s) {
    const Ptr class_ids = list({4, 0, 2, 4, 1, 3, 3});
    Ptr y = empty({7, 4, 4}), dx = s.empty({7, 4, 4, 21}), dw = empty({1, 1, 21, 5}), db = empty({5});
    const Ptr x = s.random({7, 4, 4, 21}, 1), w = random({1, 1, 21, 5}, 2);
    mask_logits(y.get(), x.get(), w.get(), random({5}, 3).get(), class_ids.get());
    mask_logits_grad(dx.get(), dw.get(), db.get(), random({7, 4, 4}, 4).get(), x.get(), w.get(), class_ids.get());
    return outputs(std::move(y), std::move(dx), std::move(dw), std::move(db));
  });
  add(table, "mold_images", kLimit, [](const Side& s) {
    std::vector<uint8_t> rgb(3 * 5003);
    for (size_t i = 0; i < rgb.size(); ++i) rgb[i] = static_cast<uint8_t>(i * 31 % 256);
    Ptr y = s.empty({1, 1, 5003, 3});
    mold_images(y.get(), rgb.data(), static_cast<int64_t>(rgb.size()), 123.7f, 116.8f, 103.9f);
    return outputs(std::move(y));
  });
}

}  // namespace

void add_bf16_cases(Table& table) {
  if (!has_type(static_cast<int>(Type::bf16))) {
    std::cerr << "the cases of bf16 are left out: " << selected_device() << " has no tensors of it\n";
    return;
  }
  for (int64_t n : {1, 7, 40961}) add_elementwise(table, n);
  for (const Conv& c :
       {Conv{1, 1, 1, 1, 1, 1, 1, 0}, Conv{2, 9, 7, 5, 6, 1, 1, 0}, Conv{2, 9, 7, 16, 8, 1, 2, 0},
        Conv{2, 9, 7, 5, 6, 3, 1, 1}, Conv{2, 6, 10, 32, 24, 3, 1, 1}, Conv{1, 9, 8, 17, 7, 3, 2, 1},
        Conv{1, 16, 15, 3, 8, 7, 2, 3}, Conv{13, 7, 7, 8, 9, 7, 1, 0}, Conv{11, 5, 5, 16, 16, 3, 1, 1}}) {
    add_conv(table, c);
  }
  add_deconv(table, 1, 1, 1, 1, 1);
  add_deconv(table, 3, 7, 7, 16, 32);
  for (bool ta : {false, true}) {
    for (bool tb : {false, true}) add_matmul(table, 33, 65, 17, ta, tb);
  }
  add_long_products(table);
  for (const Shape& shape : {Shape{2, 3, 5, 7}, Shape{4, 9, 9, 32}}) add_batch_norm(table, shape);
  for (const Shape& shape : {Shape{1, 1, 1, 1}, Shape{2, 7, 10, 3}, Shape{1, 8, 9, 20}}) add_pyramid(table, shape);
  for (int64_t channels : {5, 40}) add_regions(table, channels);
  add_rpn_heads(table);
  add_selection(table);
  table.push_back({"bf16 all_finite", 0, [] {
                     const Ptr x = random({1000}, 1);
                     const bool good = all_finite(as_type(*x, Type::bf16).get());
                     x->data()[777] = NAN;
                     return good && !all_finite(as_type(*x, Type::bf16).get()) ? 0.0 : 1.0;
                   }});
  // 1 + 100 / 512 in steps that a sum of bf16 would swallow one by one.
  table.push_back({"bf16 roi_align_grad adds small shares", 4e-3, [] {
                     Outputs levels;
                     for (int64_t side : {16, 8, 4, 2}) {
                       levels.push_back(empty({1, side, side, 1}, Type::bf16));
                       fill(levels.back().get(), 1.0f);
                     }
                     const Ptr boxes = empty({100, 4}), dy = empty({100, 2, 2, 1}, Type::bf16);
                     for (int64_t i = 0; i < 400; ++i) boxes->data()[i] = i % 4 < 2 ? 0.0f : 1.0f;
                     fill(dy.get(), 1.0f / 512);
                     const std::vector<int32_t> image_indices(100, 0);
                     roi_align_grad(levels[0].get(), levels[1].get(), levels[2].get(), levels[3].get(), dy.get(),
                                    boxes.get(), list(image_indices).get(), 512, 512);
                     return distance(*as_floats(*levels[3]), std::vector<double>(4, 1 + 100.0 / 512));
                   }});
  table.push_back({"bf16 biases are refused", 0, [] {
                     const Ptr x = empty({1, 4, 4, 8}, Type::bf16), w = empty({3, 3, 8, 8});
                     const Ptr y = empty({1, 4, 4, 8}, Type::bf16), b = empty({8}, Type::bf16);
                     return throws([&] { conv_block(y.get(), x.get(), w.get(), b.get(), nullptr, 1, 1, false); },
                                   "conv_block: b [8] needs type f32, has bf16");
                   }});
}

}  // namespace selvage::test

// Elementwise kernels and sums over everything.
#include <cmath>
#include <limits>

#include "compare_to_cpu.h"

namespace selvage::test {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

Ptr number(double value) { return of({1}, {static_cast<float>(value)}); }

void add_maps(Table& table, const Shape& shape) {
  const std::string size = " " + text(shape);
  add_comparison_all_types(table, "fill" + size, 0, [=](const Side& side) {
    Ptr y = side.empty(shape);
    (side.gpu ? cuda::fill : fill)(y.get(), 0.75f);
    return outputs(std::move(y));
  });
  add_comparison_all_types(table, "copy" + size, 0, [=](const Side& side) {
    Ptr y = side.empty(shape);
    (side.gpu ? cuda::copy : copy)(y.get(), side.random(shape, 1).get());
    return outputs(std::move(y));
  });
  add_comparison_all_types(table, "add" + size, 0, [=](const Side& side) {
    Ptr y = side.random(shape, 1);
    (side.gpu ? cuda::add : add)(y.get(), side.random(shape, 2).get());
    return outputs(std::move(y));
  });
  add_comparison_all_types(table, "scale" + size, 0, [=](const Side& side) {
    Ptr y = side.random(shape, 1);
    (side.gpu ? cuda::scale : scale)(y.get(), -1.7f);
    return outputs(std::move(y));
  });
  add_comparison(table, "average" + size, 1e-6, [=](const Side& side) {
    Ptr y = side.random(shape, 1);
    (side.gpu ? cuda::average : average)(y.get(), side.random(shape, 2).get(), 0.3f);
    return outputs(std::move(y));
  });
  add_comparison_all_types(table, "relu_grad in place" + size, 0, [=](const Side& side) {
    Ptr dy = side.random(shape, 1);
    (side.gpu ? cuda::relu_grad : relu_grad)(dy.get(), dy.get(), side.random(shape, 2).get());
    return outputs(std::move(dy));
  });
  for (const bool relu : {false, true}) {
    for (const bool two : {false, true}) {
      const std::string name = std::string("add_relu") + (relu ? " relu" : "") + (two ? " b" : "") + size;
      add_comparison_all_types(table, name, 0, [=](const Side& side) {
        Ptr y = side.empty(shape);
        const Ptr b = side.random(shape, 2);
        (side.gpu ? cuda::add_relu : add_relu)(y.get(), side.random(shape, 1).get(), two ? b.get() : nullptr, relu);
        return outputs(std::move(y));
      });
    }
  }
  add_comparison(table, "sigmoid" + size, 1e-6, [=](const Side& side) {
    Ptr y = side.empty(shape);
    (side.gpu ? cuda::sigmoid : sigmoid)(y.get(), side.random(shape, 1).get());
    return outputs(std::move(y));
  });
  add_comparison_all_types(table, "sums" + size, 1e-6, [=](const Side& side) {
    const Ptr x = side.random(shape, 3);
    return outputs(number((side.gpu ? cuda::sum : sum)(x.get())),
                   number((side.gpu ? cuda::sum_squares : sum_squares)(x.get())));
  });
}

// Against the host's conversion; of count above 7, some are not finite or too small or too large for f16.
void add_cast(Table& table, Type from, Type to, int64_t count) {
  const std::string name = std::string("cast ") + name_of(from) + " to " + name_of(to) + " " + text({count});
  table.push_back({name, 0, [=] {
                     const Ptr floats = random({count}, 1);
                     const std::vector<float> odd = {NAN, kInfinity, -kInfinity, -0.0f, 1e-40f, 3e-8f, 7e4f};
                     for (size_t i = 0; count > 7 && i < odd.size(); ++i) floats->data()[i] = odd[i];
                     const Ptr x = as_type(*floats, from), y = empty({count}, to);
                     cuda::cast(y.get(), x.get());
                     const Ptr expected = as_type(*as_floats(*x), to);
                     return disagreement(*as_floats(*y), *as_floats(*expected));
                   }});
}

void add_special_values(Table& table) {
  const std::vector<float> odd = {NAN, kInfinity, -kInfinity, -0.0f, 0.0f, 1e-40f, -3.0f};
  add_comparison(table, "elementwise NaN and infinity", 1e-6, [=](const Side& side) {
    const Ptr x = side.of({7}, odd), one = side.filled({7}, 1.0f);
    Ptr sum = side.empty({7}), positive = side.empty({7}), share = side.empty({7}), masked = side.empty({7});
    (side.gpu ? cuda::add_relu : add_relu)(sum.get(), x.get(), one.get(), true);
    (side.gpu ? cuda::add_relu : add_relu)(positive.get(), x.get(), nullptr, true);
    (side.gpu ? cuda::sigmoid : sigmoid)(share.get(), x.get());
    (side.gpu ? cuda::relu_grad : relu_grad)(masked.get(), one.get(), x.get());
    return outputs(std::move(sum), std::move(positive), std::move(share), std::move(masked));
  });
  for (const float bad : {NAN, kInfinity, -kInfinity}) {
    table.push_back({"all_finite finds " + std::to_string(bad), 0, [=] {
                       const Ptr x = random({5000}, 1);
                       const bool before = cuda::all_finite(x.get());
                       x->data()[4999] = bad;
                       return before && !cuda::all_finite(x.get()) ? 0.0 : 1.0;
                     }});
  }
  table.push_back({"all_finite of nothing", 0, [] { return cuda::all_finite(empty({0}).get()) ? 0.0 : 1.0; }});
  for (const Type from : {Type::f32, Type::bf16, Type::f16}) {
    for (const Type to : {Type::f32, Type::bf16, Type::f16}) {
      for (const int64_t count : {0, 1, 7, 255, 257}) {
        add_cast(table, from, to, count);
      }
    }
  }
  add_comparison(table, "add to a view that begins between vectors", 0, [](const Side& side) {
    Ptr y = side.random({1000}, 1);
    const Ptr x = side.random({1000}, 2);
    const int64_t size = 901;
    Tensor middle(y.get(), 3, &size, 1), other(x.get(), 5, &size, 1);
    (side.gpu ? cuda::add : add)(&middle, &other);
    return outputs(std::move(y));
  });
}

}  // namespace

void add_elementwise_kernel_cases(Table& table) {
  // A block takes 1024 floats or 2048 short elements at a time.
  for (const Shape& shape : {Shape{0}, Shape{1}, Shape{7}, Shape{255}, Shape{257}, Shape{1023}, Shape{1025},
                             Shape{2047}, Shape{2049}, Shape{2, 3, 5, 97}}) {
    add_maps(table, shape);
  }
  add_comparison(table, "sums of many blocks", 1e-6, [](const Side& side) {
    const Ptr x = side.random({20011}, 3);
    return outputs(number((side.gpu ? cuda::sum : sum)(x.get())),
                   number((side.gpu ? cuda::sum_squares : sum_squares)(x.get())));
  });
  add_special_values(table);
  for (const int64_t pixels : {1, 5, 342}) {  // in whole vectors of 4 floats or 8 short elements
    const auto mold = [=](const Side& side) {
      std::vector<uint8_t> rgb(3 * pixels);
      for (size_t i = 0; i < rgb.size(); ++i) rgb[i] = static_cast<uint8_t>(i * 37);
      const int64_t channels = 16 / bytes_of(side.type);
      Ptr y = side.gpu ? side.empty({1, 1, pixels, channels}) : empty({1, 1, pixels, 3});
      (side.gpu ? cuda::mold_images : mold_images)(y.get(), rgb.data(), 3 * pixels, 123.7f, 116.8f, 103.9f);
      if (side.gpu) return outputs(std::move(y));
      Ptr wide = empty({1, 1, pixels, channels});
      fill(wide.get(), 0);
      for (int64_t i = 0; i < 3 * pixels; ++i) wide->data()[i / 3 * channels + i % 3] = y->data()[i];
      return outputs(std::move(wide));
    };
    add_comparison_all_types(table, "mold_images of vectors " + std::to_string(pixels), 0, mold);
  }
  for (const int64_t pixels : {0, 1, 5, 341, 342}) {
    add_comparison_all_types(table, "mold_images " + std::to_string(pixels), 0, [=](const Side& side) {
      std::vector<uint8_t> rgb(3 * pixels);
      for (size_t i = 0; i < rgb.size(); ++i) rgb[i] = static_cast<uint8_t>(i * 37);
      Ptr y = side.empty({1, 1, pixels, 3});
      (side.gpu ? cuda::mold_images : mold_images)(y.get(), rgb.data(), 3 * pixels, 123.7f, 116.8f, 103.9f);
      return outputs(std::move(y));
    });
  }
}

}  // namespace selvage::test

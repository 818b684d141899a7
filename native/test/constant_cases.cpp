// Weights that are held constant: the same results as otherwise, also after they have changed.
#include "harness.h"

namespace selvage::test {
namespace {

using Op = void (*)(Tensor* y, const Tensor* x, const Tensor* w);

struct Layer {
  std::string name;
  Shape x, w, y;
  Op op;
};

const std::vector<Layer>& layers() {
  const Op convolution = [](Tensor* y, const Tensor* x, const Tensor* w) {
    conv_block(y, x, w, nullptr, nullptr, 1, static_cast<int>(w->dim(0) / 2), true);
  };
  static const std::vector<Layer> all = {
      {"3x3, few tiles", {1, 6, 7, 16}, {3, 3, 16, 33}, {1, 6, 7, 33}, convolution},
      {"3x3, many tiles", {1, 64, 68, 16}, {3, 3, 16, 33}, {1, 64, 68, 33}, convolution},
      {"1x1", {2, 6, 7, 19}, {1, 1, 19, 33}, {2, 6, 7, 33}, convolution},
      {"5x5", {1, 6, 7, 3}, {5, 5, 3, 33}, {1, 6, 7, 33}, convolution},
      {"dense",
       {9, 70},
       {70, 33},
       {9, 33},
       [](Tensor* y, const Tensor* x, const Tensor* w) { matmul(y, x, w, nullptr, false, false, false); }},
      {"dense, turned",
       {9, 70},
       {33, 70},
       {9, 33},
       [](Tensor* y, const Tensor* x, const Tensor* w) { matmul(y, x, w, nullptr, false, true, false); }},
      {"gradient of weights",
       {70, 9},
       {70, 33},
       {9, 33},
       [](Tensor* y, const Tensor* x, const Tensor* w) { matmul(y, x, w, nullptr, true, false, false); }},
      {"deconvolution",
       {1, 5, 6, 18},
       {2, 2, 17, 18},
       {1, 10, 12, 17},
       [](Tensor* y, const Tensor* x, const Tensor* w) {
         const Ptr bias = random({w->dim(2)}, 9);
         deconv2x2(y, x, w, bias.get(), true);
       }}};
  return all;
}

std::vector<float> values(const Tensor& t) {
  std::vector<float> found(t.size());
  tensor_download(&t, found.data(), t.size());
  return found;
}

std::vector<float> result(const Layer& layer, const Tensor& x, const Tensor& w) {
  const Ptr y = empty(layer.y, x.type());
  layer.op(y.get(), &x, &w);
  return values(*y);
}

// How many of these results differ from those of weights that are not held: the first, the next by what was kept, one
// in the other type, those after the weights changed, and those after they were let go and changed.
double wrong(const Layer& layer, Type type) {
  const Ptr floats = random(layer.x, 1), x = as_type(*floats, type), w = random(layer.w, 2);
  const std::vector<float> first = values(*w), other = values(*random(layer.w, 3)), last = values(*random(layer.w, 4));
  std::vector<std::vector<float>> expected;
  for (const std::vector<float>& weights : {first, other, last}) {
    tensor_upload(w.get(), weights.data(), w->size());
    expected.push_back(result(layer, *x, *w));
  }
  tensor_upload(w.get(), first.data(), w->size());
  const std::vector<float> of_floats = result(layer, *floats, *w);
  double wrong = 0;
  const auto compare = [&](const Tensor& from, const std::vector<float>& should) {
    if (result(layer, from, *w) != should) ++wrong;
  };
  hold_constant(w.get(), true);
  compare(*x, expected[0]);
  compare(*x, expected[0]);
  compare(*floats, of_floats);
  tensor_upload(w.get(), other.data(), w->size());
  hold_constant(w.get(), true);
  compare(*x, expected[1]);
  hold_constant(w.get(), false);
  tensor_upload(w.get(), last.data(), w->size());
  compare(*x, expected[2]);
  return wrong;
}

}  // namespace

void add_constant_cases(Table& table) {
  for (const Type type : {Type::f32, Type::bf16}) {
    if (!has_type(static_cast<int>(type))) continue;
    for (const Layer& layer : layers()) {
      table.push_back(
          {"held constant: " + layer.name + ", " + name_of(type), 0, [&layer, type] { return wrong(layer, type); }});
    }
  }
  table.push_back({"hold_constant", 0,
                   [] { return throws([] { hold_constant(nullptr, true); }, "hold_constant: tensor is null"); }});
}

}  // namespace selvage::test

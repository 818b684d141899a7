// Convolutions, their gradients and dense products on the shim, against the CPU backend.
#include <algorithm>
#include <cmath>

#include "compare_to_cpu.h"
#include "cpu/ops.h"
#include "gemm/gather_gemm.cuh"
#include "gemm/precision.h"
#include "simt/faults.h"

namespace selvage::test {
namespace {

struct Conv {
  int64_t n, h, w, in, out, kernel;
  int stride, pad;
  int64_t out_h() const { return (h + 2 * pad - kernel) / stride + 1; }
  int64_t out_w() const { return (w + 2 * pad - kernel) / stride + 1; }
  Shape x() const { return {n, h, w, in}; }
  Shape weights() const { return {kernel, kernel, in, out}; }
  Shape y() const { return {n, out_h(), out_w(), out}; }
  std::string name() const {
    return " " + text(x()) + " by " + text(weights()) + " stride " + std::to_string(stride) + " pad " +
           std::to_string(pad);
  }
};

// How a case's products are formed: the type of its tensors and, for floats, the arithmetic.
struct Arithmetic {
  std::string name;
  Type type;
  Precision math;
  double limit;
};

const Arithmetic kExact{"f32", Type::f32, Precision::f32, 2e-6};
const Arithmetic kTf32{"tf32", Type::f32, Precision::tf32, 1e-3};
const Arithmetic kBf16{"bf16", Type::bf16, Precision::f32, 5e-3};
const Arithmetic kF16{"f16", Type::f16, Precision::f32, 1e-3};
const Arithmetic kBf16OfFloats{"bf16 products of f32", Type::f32, Precision::bf16, 5e-3};

// A tensor of the precision's type and the floats that it holds.
struct Operand {
  Ptr floats, typed;
  Operand(const Shape& shape, int seed, Type type) : typed(as_type(*random(shape, seed), type)) {
    floats = as_floats(*typed);
  }
};

Ptr empty_like(const Tensor& t, Type type) { return as_type(*empty(shape_of(t)), type); }

void add_conv(Table& table, const Arithmetic& p, const Conv& s) {
  const std::string name = " " + p.name + s.name();
  table.push_back({"conv_block" + name, p.limit, [p, s] {
                     cuda::set_float_precision(p.math);
                     const Operand x(s.x(), 1, p.type), r(s.y(), 4, p.type);
                     const Ptr w = random(s.weights(), 2), b = random({s.out}, 3);
                     const Ptr expected = empty(s.y()), y = empty_like(*expected, p.type);
                     cpu::conv_block(expected.get(), x.floats.get(), w.get(), b.get(), r.floats.get(), s.stride, s.pad,
                                     true);
                     cuda::conv_block(y.get(), x.typed.get(), w.get(), b.get(), r.typed.get(), s.stride, s.pad, true);
                     const double with_all = distance(*y, *expected);
                     cpu::conv_block(expected.get(), x.floats.get(), w.get(), nullptr, nullptr, s.stride, s.pad, false);
                     cuda::conv_block(y.get(), x.typed.get(), w.get(), nullptr, nullptr, s.stride, s.pad, false);
                     return std::max(with_all, distance(*y, *expected));
                   }});
  table.push_back({"conv_data_grad" + name, p.limit, [p, s] {
                     cuda::set_float_precision(p.math);
                     const Operand dy(s.y(), 1, p.type), others(s.x(), 3, p.type), activation(s.x(), 4, p.type);
                     const Ptr w = random(s.weights(), 2), expected = empty(s.x()), dx = empty_like(*expected, p.type);
                     cpu::conv_data_grad(expected.get(), dy.floats.get(), w.get(), nullptr, others.floats.get(),
                                         activation.floats.get(), s.stride, s.pad);
                     cuda::conv_data_grad(dx.get(), dy.typed.get(), w.get(), nullptr, others.typed.get(),
                                          activation.typed.get(), s.stride, s.pad);
                     return distance(*dx, *expected);
                   }});
  table.push_back({"conv_weight_grad" + name, p.limit, [p, s] {
                     cuda::set_float_precision(p.math);
                     const Operand x(s.x(), 1, p.type), dy(s.y(), 2, p.type);
                     const Ptr expected = empty(s.weights()), dw = empty(s.weights());
                     const Ptr expected_db = empty({s.out}), db = empty({s.out});
                     cpu::conv_weight_grad(expected.get(), expected_db.get(), x.floats.get(), dy.floats.get(), s.stride,
                                           s.pad);
                     cuda::conv_weight_grad(dw.get(), db.get(), x.typed.get(), dy.typed.get(), s.stride, s.pad);
                     return std::max(distance(*dw, *expected), distance(*db, *expected_db));
                   }});
}

// The same with tiles that only large products take by themselves.
void add_large_tiles(Table& table, const Arithmetic& p, const Conv& s, int wanted_blocks) {
  Table cases;
  add_conv(cases, p, s);
  for (const Case& c : cases) {
    table.push_back(
        {c.name + " in tiles for " + std::to_string(wanted_blocks) + " blocks", c.limit, [c, wanted_blocks] {
           const int before = cuda::wanted_blocks;
           cuda::wanted_blocks = wanted_blocks;
           const double error = c.error();
           cuda::wanted_blocks = before;
           return error;
         }});
  }
}

// A convolution and its weights' gradient on a device of this compute capability, in the largest tiles that it has.
Outputs on_device(int capability, const Conv& s) {
  const int blocks = cuda::wanted_blocks, before = simt::faults().capability;
  simt::faults().capability = capability;
  cuda::wanted_blocks = 8;
  const Operand x(s.x(), 1, Type::bf16), dy(s.y(), 2, Type::bf16);
  Ptr w = random(s.weights(), 3), y = empty(s.y(), Type::bf16), dw = empty(s.weights()), db = empty({s.out});
  cuda::conv_block(y.get(), x.typed.get(), w.get(), nullptr, nullptr, s.stride, s.pad, true);
  cuda::conv_weight_grad(dw.get(), db.get(), x.typed.get(), dy.typed.get(), s.stride, s.pad);
  cuda::wanted_blocks = blocks;
  simt::faults().capability = before;
  return outputs(as_floats(*y), std::move(dw), std::move(db));
}

// sm_75, whose shared memory has no room for the largest tiles, computes the same bits.
void add_turing(Table& table) {
  table.push_back({"conv_block and conv_weight_grad on sm_75", 0, [] {
                     const Conv s{2, 17, 16, 32, 136, 3, 1, 1};
                     const Outputs large = on_device(90, s), small = on_device(75, s);
                     double different = 0;
                     for (size_t i = 0; i < large.size(); ++i) {
                       const float* values = large[i]->data();
                       different += std::equal(values, values + large[i]->size(), small[i]->data()) ? 0 : 1;
                     }
                     return different;
                   }});
}

void add_conv_by_cudnn(Table& table, const Arithmetic& p, const Conv& s) {
  Table cases;
  add_conv(cases, p, s);
  for (const Case& c : cases) table.push_back(by_cudnn(c));
}

void add_deconv(Table& table, const Arithmetic& p, int64_t n, int64_t h, int64_t w, int64_t in, int64_t out) {
  const Shape x_shape{n, h, w, in}, y_shape{n, 2 * h, 2 * w, out}, w_shape{2, 2, out, in};
  table.push_back({"deconv2x2 " + p.name + " " + text(x_shape) + " to " + std::to_string(out), p.limit, [=] {
                     cuda::set_float_precision(p.math);
                     const Operand x(x_shape, 1, p.type), dy(y_shape, 2, p.type);
                     const Ptr weights = random(w_shape, 3), b = random({out}, 4);
                     const Ptr y = empty_like(*dy.floats, p.type), expected_y = empty(y_shape);
                     cpu::deconv2x2(expected_y.get(), x.floats.get(), weights.get(), b.get(), true);
                     cuda::deconv2x2(y.get(), x.typed.get(), weights.get(), b.get(), true);
                     const Ptr dx = empty_like(*x.floats, p.type), expected_dx = empty(x_shape);
                     // of a seed whose first value does not almost cancel the product's, which would magnify the
                     // rounding
                     const Operand others(x_shape, 8, p.type), activation(x_shape, 6, p.type);
                     cpu::deconv2x2_data_grad(expected_dx.get(), dy.floats.get(), weights.get(), others.floats.get(),
                                              activation.floats.get());
                     cuda::deconv2x2_data_grad(dx.get(), dy.typed.get(), weights.get(), others.typed.get(),
                                               activation.typed.get());
                     const Ptr dw = empty(w_shape), db = empty({out});
                     const Ptr expected_dw = empty(w_shape), expected_db = empty({out});
                     cpu::deconv2x2_weight_grad(expected_dw.get(), expected_db.get(), x.floats.get(), dy.floats.get());
                     cuda::deconv2x2_weight_grad(dw.get(), db.get(), x.typed.get(), dy.typed.get());
                     return std::max({distance(*y, *expected_y), distance(*dx, *expected_dx),
                                      distance(*dw, *expected_dw), distance(*db, *expected_db)});
                   }});
}

void add_matmul(Table& table, const Arithmetic& p, int64_t m, int64_t k, int64_t n) {
  for (int turned = 0; turned < 4; ++turned) {
    const bool ta = turned % 2 == 1, tb = turned / 2 == 1;
    table.push_back({"matmul " + p.name + " " + text({m, k, n}) + (ta ? " T" : " N") + (tb ? "T" : "N"), p.limit, [=] {
                       cuda::set_float_precision(p.math);
                       const Operand a(ta ? Shape{k, m} : Shape{m, k}, 1, p.type);
                       const Ptr b = random(tb ? Shape{n, k} : Shape{k, n}, 2), bias = random({n}, 3);
                       const Ptr y = empty({m, n}), expected = empty({m, n});
                       cpu::matmul(expected.get(), a.floats.get(), b.get(), bias.get(), ta, tb, true);
                       cuda::matmul(y.get(), a.typed.get(), b.get(), bias.get(), ta, tb, true);
                       return distance(*y, *expected);
                     }});
  }
}

// Each of y, a and b float or of the short type.
void add_mixed_matmul(Table& table, Type type, int mixture, int turned) {
  const auto pick = [=](int bit) { return mixture >> bit & 1 ? type : Type::f32; };
  const Type of_y = pick(0), of_a = pick(1), of_b = pick(2);
  const bool ta = turned % 2 == 1, tb = turned / 2 == 1;
  const std::string name = std::string(name_of(of_y)) + " = " + name_of(of_a) + (ta ? " T" : " N") + " " +
                           name_of(of_b) + (tb ? " T" : " N");
  table.push_back({"matmul " + name, 1e-2, [=] {
                     cuda::set_float_precision(Precision::f32);
                     const Operand a(ta ? Shape{19, 33} : Shape{33, 19}, 1, of_a);
                     const Operand b(tb ? Shape{17, 19} : Shape{19, 17}, 2, of_b);
                     const Ptr bias = random({17}, 3), expected = empty({33, 17}), y = empty({33, 17}, of_y);
                     cpu::matmul(expected.get(), a.floats.get(), b.floats.get(), bias.get(), ta, tb, true);
                     cuda::matmul(y.get(), a.typed.get(), b.typed.get(), bias.get(), ta, tb, true);
                     return distance(*y, *expected);
                   }});
}

// What is not finite reaches those results that it is part of, whatever shares a tile with them.
void add_not_finite(Table& table, const Arithmetic& p, float bad) {
  const Conv s{2, 5, 7, 9, 11, 3, 1, 1};
  table.push_back({"conv_block and its gradients " + p.name + " with " + std::to_string(bad), p.limit, [p, s, bad] {
                     cuda::set_float_precision(p.math);
                     const Ptr plain = random(s.x(), 1);
                     plain->data()[(2 * 7 + 3) * 9 + 4] = bad;
                     const Ptr x = as_type(*plain, p.type), floats = as_floats(*x), w = random(s.weights(), 2);
                     const Ptr y = empty(s.y(), p.type), expected_y = empty(s.y());
                     cuda::conv_block(y.get(), x.get(), w.get(), nullptr, nullptr, 1, 1, false);
                     cpu::conv_block(expected_y.get(), floats.get(), w.get(), nullptr, nullptr, 1, 1, false);
                     const Operand dy(s.y(), 3, p.type);
                     const Ptr dw = empty(s.weights()), expected_dw = empty(s.weights());
                     cuda::conv_weight_grad(dw.get(), nullptr, x.get(), dy.typed.get(), 1, 1);
                     cpu::conv_weight_grad(expected_dw.get(), nullptr, floats.get(), dy.floats.get(), 1, 1);
                     const double forward = disagreement(*as_floats(*y), *expected_y);
                     return forward <= p.limit ? disagreement(*dw, *expected_dw) : forward;
                   }});
}

// Logits: float32 from short maps, apart from the rounding of the weights.
void add_float_logits(Table& table, const Arithmetic& p, int64_t in) {
  table.push_back({"conv_block " + p.name + " of " + std::to_string(in) + " channels to floats", p.limit, [p, in] {
                     const Operand x({2, 5, 7, in}, 1, p.type), w({1, 1, in, 6}, 2, p.type);
                     const Ptr b = random({6}, 3), expected = empty({2, 5, 7, 6}), y = empty({2, 5, 7, 6});
                     cpu::conv_block(expected.get(), x.floats.get(), w.floats.get(), b.get(), nullptr, 1, 0, false);
                     cuda::conv_block(y.get(), x.typed.get(), w.floats.get(), b.get(), nullptr, 1, 0, false);
                     return distance(*y, *expected);
                   }});
}

// Weights of the maps' type are those that float weights are rounded to.
void add_short_weights(Table& table, const Arithmetic& p, const Conv& s) {
  table.push_back(
      {"conv_block and its gradient " + p.name + " of short weights" + s.name(), 0, [p, s] {
         cuda::set_float_precision(p.math);
         const Operand x(s.x(), 1, p.type), w(s.weights(), 2, p.type), dy(s.y(), 3, p.type);
         double worst = 0;
         const Ptr y = empty_like(*dy.floats, p.type), expected = empty_like(*dy.floats, p.type);
         cuda::conv_block(y.get(), x.typed.get(), w.typed.get(), nullptr, nullptr, s.stride, s.pad, false);
         cuda::conv_block(expected.get(), x.typed.get(), w.floats.get(), nullptr, nullptr, s.stride, s.pad, false);
         worst = std::max(worst, distance(*y, *as_floats(*expected)));
         const Ptr dx = empty_like(*x.floats, p.type), of_floats = empty_like(*x.floats, p.type);
         cuda::conv_data_grad(dx.get(), dy.typed.get(), w.typed.get(), nullptr, nullptr, nullptr, s.stride, s.pad);
         cuda::conv_data_grad(of_floats.get(), dy.typed.get(), w.floats.get(), nullptr, nullptr, nullptr, s.stride,
                              s.pad);
         return std::max(worst, distance(*dx, *as_floats(*of_floats)));
       }});
}

// Transposed kernels are those that a data gradient makes for itself.
void add_transposed(Table& table, const Arithmetic& p, const Conv& s) {
  table.push_back({"conv_data_grad " + p.name + " of transposed kernels" + s.name(), 0, [p, s] {
                     cuda::set_float_precision(p.math);
                     const Operand w(s.weights(), 2, p.type), dy(s.y(), 3, p.type);
                     const Ptr transposed = empty(s.weights(), p.type);
                     const int64_t kernel[] = {0, s.kernel, s.kernel, s.in, s.out, s.stride};
                     cuda::transpose_kernels(transposed.get(), w.typed.get(), kernel, 1);
                     const Ptr dx = empty(s.x(), p.type), expected = empty(s.x(), p.type);
                     cuda::conv_data_grad(dx.get(), dy.typed.get(), w.typed.get(), transposed.get(), nullptr, nullptr,
                                          s.stride, s.pad);
                     cuda::conv_data_grad(expected.get(), dy.typed.get(), w.typed.get(), nullptr, nullptr, nullptr,
                                          s.stride, s.pad);
                     return distance(*dx, *as_floats(*expected));
                   }});
}

// Kernels that lie one behind the other in an arena. What lies between them stays as it is.
void add_transpose_kernels(Table& table, const std::vector<Conv>& convs) {
  std::string name;
  std::vector<int64_t> kernels;
  int64_t at = 7;
  for (const Conv& s : convs) {
    name += " " + text(s.weights()) + " stride " + std::to_string(s.stride);
    kernels.insert(kernels.end(), {at, s.kernel, s.kernel, s.in, s.out, s.stride});
    at += s.kernel * s.kernel * s.in * s.out + 3;
  }
  for (const Type type : {Type::f32, Type::bf16, Type::f16}) {
    table.push_back({"transpose_kernels " + std::string(name_of(type)) + name, 0, [=] {
                       return disagreement(
                           [&](const Side& side) {
                             Ptr transposed = side.random({at}, 1);
                             (side.gpu ? cuda::transpose_kernels : cpu::transpose_kernels)(
                                 transposed.get(), side.random({at}, 2).get(), kernels.data(),
                                 static_cast<int64_t>(convs.size()));
                             return outputs(std::move(transposed));
                           },
                           type);
                     }});
  }
}

// A photo in whole vectors is the photo of three channels.
void add_photo(Table& table, const Arithmetic& p, const Conv& s) {
  table.push_back({"conv_block and conv_weight_grad " + p.name + " of a photo" + s.name(), 0, [p, s] {
                     cuda::set_float_precision(p.math);
                     const int64_t channels = 16 / bytes_of(p.type);
                     const Ptr photo = random(s.x(), 1), wide = empty({s.n, s.h, s.w, channels});
                     fill(wide.get(), 0);
                     for (int64_t i = 0; i < photo->size(); ++i)
                       wide->data()[i / 3 * channels + i % 3] = photo->data()[i];
                     const Ptr w = random(s.weights(), 2), b = random({s.out}, 3);
                     const Operand dy(s.y(), 4, p.type);
                     std::vector<Ptr> ys, dws;
                     for (const Tensor* x : {photo.get(), wide.get()}) {
                       const Ptr typed = as_type(*x, p.type);
                       ys.push_back(empty_like(*dy.floats, p.type));
                       cuda::conv_block(ys.back().get(), typed.get(), w.get(), b.get(), nullptr, s.stride, s.pad, true);
                       dws.push_back(empty(s.weights()));
                       cuda::conv_weight_grad(dws.back().get(), nullptr, typed.get(), dy.typed.get(), s.stride, s.pad);
                     }
                     return std::max(distance(*ys[1], *as_floats(*ys[0])), distance(*dws[1], *dws[0]));
                   }});
}

}  // namespace

namespace {

// The cases from `first` on once more by the kernels of compute capability 9.0, as far as these have products for them;
// of f16, whose kernels differ in one instruction, some.
void add_by_wgmma(Table& table, size_t first) {
  const size_t last = table.size();
  for (size_t i = first; i < last; ++i) {
    const auto has = [name = table[i].name](const char* part) { return name.find(part) != std::string::npos; };
    const bool in_f16 = has(" f16 2x9x7x") || has(" f16 of ") || has(" f16 1x17x16");
    const bool has_products = !has("products of f32") && !has("cuDNN") && !has("sm_75") && !has(" 0x");
    if (has_products && (has(" bf16 ") || in_f16)) table.push_back(by_wgmma(table[i]));
  }
}

}  // namespace

void add_product_cases(Table& table) {
  const size_t first = table.size();
  // 1x1, 3x3, 7x7 and 5x5, strides 1 to 3, channels that no vector divides, sizes around a tile's.
  const std::vector<Conv> awkward = {
      {1, 1, 1, 1, 1, 1, 1, 0},    {2, 9, 7, 5, 6, 1, 1, 0},    {2, 9, 7, 16, 8, 1, 2, 0},  {1, 8, 8, 8, 16, 1, 2, 0},
      {2, 9, 7, 5, 6, 3, 1, 1},    {1, 6, 10, 32, 24, 3, 1, 1}, {1, 9, 8, 17, 7, 3, 2, 1},  {1, 16, 15, 3, 8, 7, 2, 3},
      {13, 7, 7, 8, 9, 7, 1, 0},   {1, 7, 9, 16, 8, 5, 1, 2},   {1, 8, 8, 31, 33, 1, 1, 0}, {1, 13, 5, 40, 65, 3, 1, 1},
      {1, 10, 11, 4, 12, 3, 3, 1}, {0, 4, 4, 8, 8, 3, 1, 1},
  };
  for (const Conv& s : awkward) {
    add_conv(table, kExact, s);
    add_conv(table, kBf16, s);
  }
  for (const Arithmetic& p : {kTf32, kF16, kBf16OfFloats}) {
    for (size_t i : {1, 4, 6, 7}) add_conv(table, p, awkward[i]);
  }
  for (const Arithmetic& p : {kExact, kTf32, kBf16, kF16}) {
    for (const float bad : {NAN, INFINITY}) add_not_finite(table, p, bad);
    for (size_t i : {1, 2, 4, 6, 7, 9, 10, 12}) add_conv_by_cudnn(table, p, awkward[i]);
  }
  for (const Arithmetic& p : {kExact, kTf32, kBf16}) {
    add_large_tiles(table, p, {1, 12, 13, 24, 72, 3, 1, 1}, 2);  // 128x128, 156 rows of 72 columns
    add_large_tiles(table, p, {1, 12, 13, 24, 40, 3, 1, 1}, 1);  // 128x64
  }
  for (const Arithmetic& p : {kBf16, kF16}) {
    add_large_tiles(table, p, {1, 12, 13, 32, 72, 3, 1, 1}, 1);   // 256x128, less than one
    add_large_tiles(table, p, {1, 17, 16, 32, 136, 3, 1, 1}, 1);  // more than one along every axis
  }
  for (const Arithmetic& p : {kBf16, kF16}) {
    add_short_weights(table, p, awkward[5]);  // read as they are
    add_short_weights(table, p, awkward[6]);  // padded
  }
  for (const Arithmetic& p : {kExact, kBf16, kBf16OfFloats}) {
    for (size_t i : {2, 5, 6}) add_transposed(table, p, awkward[i]);
  }
  for (const Arithmetic& p : {kExact, kTf32, kBf16, kF16}) add_photo(table, p, awkward[7]);
  add_turing(table);
  add_large_tiles(table, kBf16, {2, 17, 16, 8, 8, 3, 1, 1},
                  1000);  // as many parts of the weight gradient as there can be
  for (const Arithmetic& p : {kExact, kBf16}) {
    add_deconv(table, p, 1, 1, 1, 1, 1);
    add_deconv(table, p, 2, 5, 3, 7, 6);
    add_deconv(table, p, 3, 7, 7, 16, 32);
    add_matmul(table, p, 1, 1, 1);
    add_matmul(table, p, 65, 33, 17);
    add_matmul(table, p, 64, 64, 128);
  }
  for (const Type type : {Type::bf16, Type::f16}) {
    for (int mixture = 1; mixture < 8; ++mixture) {
      for (int turned = 0; turned < 4; ++turned) add_mixed_matmul(table, type, mixture, turned);
    }
  }
  for (const int64_t in : {24, 600}) {
    add_float_logits(table, {"bf16", Type::bf16, Precision::f32, 1e-6}, in);
    add_float_logits(table, {"f16", Type::f16, Precision::f32, 1e-6}, in);
  }
  // So deep that K is divided, in 2 to 5 parts: of both passes, strided, with columns that no vector divides.
  for (const Arithmetic& p : {kExact, kTf32, kBf16, kF16}) {
    add_conv(table, p, {1, 5, 3, 72, 20, 3, 1, 1});
    add_conv(table, p, {2, 4, 3, 120, 9, 3, 2, 1});
    add_conv(table, p, {1, 4, 5, 10, 136, 3, 2, 1});
    add_conv(table, p, {1, 3, 3, 1030, 16, 1, 1, 0});
  }
  add_by_wgmma(table, first);
  add_transpose_kernels(table, {});
  add_transpose_kernels(table,
                        {awkward[11], awkward[6], {1, 8, 8, 33, 70, 1, 2, 0}, {1, 8, 8, 5, 0, 3, 1, 1}, awkward[9]});
}

}  // namespace selvage::test

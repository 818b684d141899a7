#include <algorithm>
#include <cmath>

#include "harness.h"

namespace selvage::test {
namespace {

struct Conv {
  int64_t n, h, w, in, out, kernel, stride, pad;
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

// body(place in x, in w, in y) for every product of the convolution.
template <typename Body>
void for_products(const Conv& s, const Body& body) {
  for (int64_t o = 0; o < s.n * s.out_h() * s.out_w(); ++o) {
    const int64_t ox = o % s.out_w(), oy = o / s.out_w() % s.out_h(), image = o / s.out_w() / s.out_h();
    for (int64_t tap = 0; tap < s.kernel * s.kernel; ++tap) {
      const int64_t iy = oy * s.stride - s.pad + tap / s.kernel, ix = ox * s.stride - s.pad + tap % s.kernel;
      if (iy < 0 || iy >= s.h || ix < 0 || ix >= s.w) continue;
      for (int64_t i = 0; i < s.in; ++i) {
        for (int64_t c = 0; c < s.out; ++c) {
          body(((image * s.h + iy) * s.w + ix) * s.in + i, (tap * s.in + i) * s.out + c, o * s.out + c);
        }
      }
    }
  }
}

void add_conv(Table& table, const Conv& s) {
  table.push_back({"conv_block" + s.name(), 2e-6, [s] {
                     const Ptr x = random(s.x(), 1), w = random(s.weights(), 2), b = random({s.out}, 3),
                               r = random(s.y(), 4);
                     const Ptr y = empty(s.y());
                     conv_block(y.get(), x.get(), w.get(), b.get(), r.get(), s.stride, s.pad, true);
                     std::vector<double> expected(y->size());
                     for (size_t i = 0; i < expected.size(); ++i) {
                       expected[i] = static_cast<double>(b->data()[i % s.out]) + r->data()[i];
                     }
                     for_products(s, [&](int64_t i, int64_t k, int64_t o) {
                       expected[o] += static_cast<double>(x->data()[i]) * w->data()[k];
                     });
                     for (double& e : expected) e = std::max(e, 0.0);
                     return distance(*y, expected);
                   }});
  table.push_back({"conv_block alone" + s.name(), 2e-6, [s] {
                     const Ptr x = random(s.x(), 1), w = random(s.weights(), 2), y = empty(s.y());
                     conv_block(y.get(), x.get(), w.get(), nullptr, nullptr, s.stride, s.pad, false);
                     std::vector<double> expected(y->size(), 0.0);
                     for_products(s, [&](int64_t i, int64_t k, int64_t o) {
                       expected[o] += static_cast<double>(x->data()[i]) * w->data()[k];
                     });
                     return distance(*y, expected);
                   }});
  table.push_back({"conv_data_grad" + s.name(), 2e-6, [s] {
                     const Ptr dy = random(s.y(), 1), w = random(s.weights(), 2), dx = empty(s.x());
                     const Ptr others = random(s.x(), 3), activation = random(s.x(), 4);
                     conv_data_grad(dx.get(), dy.get(), w.get(), nullptr, others.get(), activation.get(), s.stride,
                                    s.pad);
                     std::vector<double> expected(others->data(), others->data() + others->size());
                     for_products(s, [&](int64_t i, int64_t k, int64_t o) {
                       expected[i] += static_cast<double>(dy->data()[o]) * w->data()[k];
                     });
                     for (size_t i = 0; i < expected.size(); ++i) {
                       if (!(activation->data()[i] > 0)) expected[i] = 0;
                     }
                     return distance(*dx, expected);
                   }});
  if (s.pad > 0 || s.kernel == 1) {
    table.push_back({"conv_data_grad of a transposed kernel" + s.name(), 2e-6, [s] {
                       const Ptr dy = random(s.y(), 1), w = random(s.weights(), 2), dx = empty(s.x());
                       const Ptr transposed = empty(s.weights());
                       const int64_t kernel[] = {0, s.kernel, s.kernel, s.in, s.out, s.stride};
                       transpose_kernels(transposed.get(), w.get(), kernel, 1);
                       conv_data_grad(dx.get(), dy.get(), w.get(), transposed.get(), nullptr, nullptr, s.stride, s.pad);
                       std::vector<double> expected(dx->size(), 0.0);
                       for_products(s, [&](int64_t i, int64_t k, int64_t o) {
                         expected[i] += static_cast<double>(dy->data()[o]) * w->data()[k];
                       });
                       return distance(*dx, expected);
                     }});
  }
  table.push_back({"conv_weight_grad" + s.name(), 2e-6, [s] {
                     const Ptr dy = random(s.y(), 1), x = random(s.x(), 2), dw = empty(s.weights()),
                               db = empty({s.out});
                     conv_weight_grad(dw.get(), db.get(), x.get(), dy.get(), s.stride, s.pad);
                     std::vector<double> expected(dw->size(), 0.0), bias(s.out, 0.0);
                     for_products(s, [&](int64_t i, int64_t k, int64_t o) {
                       expected[k] += static_cast<double>(x->data()[i]) * dy->data()[o];
                     });
                     for (int64_t o = 0; o < dy->size(); ++o) bias[o % s.out] += dy->data()[o];
                     return std::max(distance(*dw, expected), distance(*db, bias));
                   }});
  table.push_back({"conv finite differences" + s.name(), 1e-4, [s] {
                     const Ptr x = random(s.x(), 1), w = random(s.weights(), 2), dy = random(s.y(), 3),
                               y = empty(s.y());
                     const Ptr dx = empty(s.x()), dw = empty(s.weights());
                     conv_data_grad(dx.get(), dy.get(), w.get(), nullptr, nullptr, nullptr, s.stride, s.pad);
                     conv_weight_grad(dw.get(), nullptr, x.get(), dy.get(), s.stride, s.pad);
                     const auto loss = [&] {
                       conv_block(y.get(), x.get(), w.get(), nullptr, nullptr, s.stride, s.pad, false);
                       return dot(*y, *dy);
                     };
                     return std::max(slope_error(loss, *x, *dx, 1.0f), slope_error(loss, *w, *dw, 1.0f));
                   }});
}

struct Deconv {
  int64_t n, h, w, in, out;
};

void add_deconv(Table& table, const Deconv& s) {
  const std::string name = " " + text({s.n, s.h, s.w, s.in}) + " to " + std::to_string(s.out);
  table.push_back(
      {"deconv2x2" + name, 2e-6, [s] {
         const Ptr x = random({s.n, s.h, s.w, s.in}, 1), w = random({2, 2, s.out, s.in}, 2), b = random({s.out}, 3);
         const Ptr y = empty({s.n, 2 * s.h, 2 * s.w, s.out});
         deconv2x2(y.get(), x.get(), w.get(), b.get(), true);
         std::vector<double> expected(y->size());
         for (int64_t o = 0; o < y->size(); ++o) {
           const int64_t c = o % s.out, ox = o / s.out % (2 * s.w), line = o / s.out / (2 * s.w);
           const int64_t image = line / (2 * s.h), oy = line % (2 * s.h), tap = oy % 2 * 2 + ox % 2;
           double total = b->data()[c];
           for (int64_t i = 0; i < s.in; ++i) {
             total += static_cast<double>(x->data()[((image * s.h + oy / 2) * s.w + ox / 2) * s.in + i]) *
                      w->data()[(tap * s.out + c) * s.in + i];
           }
           expected[o] = std::max(total, 0.0);
         }
         return distance(*y, expected);
       }});
  table.push_back(
      {"deconv2x2 finite differences" + name, 1e-4, [s] {
         const Ptr x = random({s.n, s.h, s.w, s.in}, 1), w = random({2, 2, s.out, s.in}, 2), b = random({s.out}, 3);
         const Ptr y = empty({s.n, 2 * s.h, 2 * s.w, s.out}), dy = random(shape_of(*y), 4);
         const Ptr dx = empty(shape_of(*x)), dw = empty(shape_of(*w)), db = empty({s.out});
         deconv2x2_data_grad(dx.get(), dy.get(), w.get(), nullptr, nullptr);
         deconv2x2_weight_grad(dw.get(), db.get(), x.get(), dy.get());
         const auto loss = [&] {
           deconv2x2(y.get(), x.get(), w.get(), b.get(), false);
           return dot(*y, *dy);
         };
         return std::max(
             {slope_error(loss, *x, *dx, 1.0f), slope_error(loss, *w, *dw, 1.0f), slope_error(loss, *b, *db, 1.0f)});
       }});
}

// Of three levels that one array of anchors holds, each of its own size, it fills the middle one.
void add_rpn_heads(Table& table, int64_t n, int64_t h, int64_t w, int64_t channels, int64_t ratios) {
  table.push_back({"rpn_heads " + text({n, h, w, channels}) + " of " + std::to_string(ratios), 2e-6, [=] {
                     const int64_t first = 5, anchors = first + h * w * ratios + 2;
                     const Ptr x = random({n, h, w, channels}, 1), class_w = random({1, 1, channels, 2 * ratios}, 2);
                     const Ptr class_b = random({2 * ratios}, 3), bbox_w = random({1, 1, channels, 4 * ratios}, 4);
                     const Ptr bbox_b = random({4 * ratios}, 5), logits = random({n, anchors, 2}, 6);
                     const Ptr deltas = random({n, anchors, 4}, 7);
                     std::vector<double> expected_logits(logits->data(), logits->data() + logits->size());
                     std::vector<double> expected_deltas(deltas->data(), deltas->data() + deltas->size());
                     rpn_heads(logits.get(), deltas.get(), first, x.get(), class_w.get(), class_b.get(), bbox_w.get(),
                               bbox_b.get());
                     const auto head = [&](const Ptr& kernel, const Ptr& bias, int64_t cell, int64_t out) {
                       double total = bias->data()[out];
                       for (int64_t c = 0; c < channels; ++c) {
                         total += static_cast<double>(x->data()[cell * channels + c]) *
                                  kernel->data()[c * bias->size() + out];
                       }
                       return total;
                     };
                     for (int64_t cell = 0; cell < n * h * w; ++cell) {
                       const int64_t anchor = cell / (h * w) * anchors + first + cell % (h * w) * ratios;
                       for (int64_t k = 0; k < 2 * ratios; ++k)
                         expected_logits[2 * anchor + k] = head(class_w, class_b, cell, k);
                       for (int64_t k = 0; k < 4 * ratios; ++k)
                         expected_deltas[4 * anchor + k] = head(bbox_w, bbox_b, cell, k);
                     }
                     return std::max(distance(*logits, expected_logits), distance(*deltas, expected_deltas));
                   }});
}

}  // namespace

void add_convolution_cases(Table& table) {
  for (const Conv& s :
       {Conv{1, 1, 1, 1, 1, 1, 1, 0}, Conv{2, 9, 7, 5, 6, 1, 1, 0}, Conv{2, 9, 7, 16, 8, 1, 2, 0},
        Conv{1, 8, 8, 8, 16, 1, 2, 0}, Conv{2, 9, 7, 5, 6, 3, 1, 1}, Conv{2, 6, 10, 32, 24, 3, 1, 1},
        Conv{1, 9, 8, 17, 7, 3, 2, 1}, Conv{1, 16, 15, 3, 8, 7, 2, 3}, Conv{13, 7, 7, 8, 9, 7, 1, 0},
        Conv{11, 5, 5, 16, 16, 3, 1, 1}, Conv{19, 1, 1, 12, 20, 1, 1, 0}, Conv{1, 7, 9, 16, 8, 5, 1, 2}}) {
    add_conv(table, s);
  }
  for (const Deconv& s : {Deconv{1, 1, 1, 1, 1}, Deconv{2, 5, 3, 7, 6}, Deconv{3, 7, 7, 16, 32}}) add_deconv(table, s);
  add_rpn_heads(table, 1, 1, 1, 1, 1);
  add_rpn_heads(table, 3, 5, 7, 16, 3);
  add_rpn_heads(table, 2, 4, 3, 13, 2);
  add_rpn_heads(table, 2, 43, 50, 4, 2);
  table.push_back({"rpn_heads names what is wrong", 0, [] {
                     const Ptr x = empty({1, 2, 2, 8}), logits = empty({1, 13, 2}), deltas = empty({1, 13, 4});
                     const Ptr class_w = empty({1, 1, 8, 6}), class_b = empty({6}), bbox_w = empty({1, 1, 8, 12});
                     const Ptr bbox_b = empty({12});
                     return throws(
                         [&] {
                           rpn_heads(logits.get(), deltas.get(), 2, x.get(), class_w.get(), class_b.get(), bbox_w.get(),
                                     bbox_b.get());
                         },
                         "rpn_heads: logits [1,13,2] need room for 12 anchors from 2 on");
                   }});
  table.push_back({"conv_weight_grad of no images", 0, [] {
                     const Ptr x = empty({0, 4, 4, 8}), dy = empty({0, 4, 4, 8}), dw = random({3, 3, 8, 8}, 1);
                     conv_weight_grad(dw.get(), nullptr, x.get(), dy.get(), 1, 1);
                     return sum_squares(dw.get());
                   }});
  table.push_back({"transpose_kernels names what is wrong", 0, [] {
                     const Ptr w = empty({50}), transposed = empty({50});
                     const int64_t kernels[] = {0, 3, 3, 1, 2, 1, 18, 1, 1, 11, 3, 1};
                     return throws([&] { transpose_kernels(transposed.get(), w.get(), kernels, 2); },
                                   "transpose_kernels: kernel 1 needs to lie in the 50 values of w, lies in 18 to 51");
                   }});
  table.push_back({"conv_data_grad names what is wrong", 0, [] {
                     const Ptr dx = empty({1, 5, 5, 8}), w = empty({3, 3, 8, 4}), dy = empty({1, 3, 3, 4});
                     return throws(
                         [&] { conv_data_grad(dx.get(), dy.get(), w.get(), w.get(), nullptr, nullptr, 1, 0); },
                         "conv_data_grad: a transposed w needs one tap or padding, is [3,3,8,4]");
                   }});
  table.push_back({"conv_block names what is wrong", 0, [] {
                     const Ptr x = empty({1, 4, 4, 32}), w = empty({3, 3, 64, 64}), y = empty({1, 4, 4, 64});
                     return throws([&] { conv_block(y.get(), x.get(), w.get(), nullptr, nullptr, 1, 1, false); },
                                   "conv_block: w [3,3,64,64] needs 64 input channels, x [1,4,4,32] has 32");
                   }});
}

}  // namespace selvage::test

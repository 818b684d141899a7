// Convolutions, the 2x2 transposed one, and the folding of frozen batch norm into them.
#include <algorithm>

#include "check.h"
#include "conv_shape.h"
#include "flops.h"
#include "folded_layer.h"
#include "kernel_place.h"

namespace selvage {
namespace {

// Weights are floats, or on a device of the maps' type.
void check_weights(const char* op, const Tensor* w, const Tensor* x) {
  if (&backend() == &cpu::kBackend || w->type() != x->type()) check_floats(op, {{"w", w}});
}

// Whether it is a photo in the form that the device wants, whose channels beyond the third are zeros.
bool is_photo(const Tensor* x) { return x->dim(3) == image_channels(static_cast<int>(x->type())); }

ConvShape check_conv(const char* op, const Tensor* x, const Tensor* w, const Tensor* y, int stride, int pad,
                     bool photo = false) {
  check_rank(op, "x", x, 4);
  check_rank(op, "w", w, 4);
  check(stride >= 1 && pad >= 0, op,
        "stride and pad need to be at least 1 and 0, are " + std::to_string(stride) + " and " + std::to_string(pad));
  check(w->dim(2) == x->dim(3) || (photo && w->dim(2) == 3 && is_photo(x)), op,
        "w " + w->shape_text() + " needs " + std::to_string(w->dim(2)) + " input channels, x " + x->shape_text() +
            " has " + std::to_string(x->dim(3)));
  const ConvShape s(x, w, stride, pad);
  check(s.h + 2 * pad >= s.kh && s.w + 2 * pad >= s.kw, op,
        "x " + x->shape_text() + " needs to be at least as large as w " + w->shape_text() + " after padding by " +
            std::to_string(pad));
  check_shape(op, "y", y, {s.n, s.out_h(), s.out_w(), s.out});
  return s;
}

DeconvShape check_deconv(const char* op, const Tensor* x, const Tensor* w, const Tensor* y) {
  check_rank(op, "x", x, 4);
  check_rank(op, "w", w, 4);
  const DeconvShape s(x, w);
  check_shape(op, "w", w, {2, 2, s.out, s.in});
  check_shape(op, "y", y, {s.n, 2 * s.h, 2 * s.w, s.out});
  return s;
}

// What a data gradient is added to and masked by, where there is such a thing.
void check_like(const char* op, const Tensor* dx, const Tensor* others, const Tensor* activation) {
  if (others != nullptr) check_same(op, "others", others, dx);
  if (activation != nullptr) check_same(op, "activation", activation, dx);
  check_one_type(op, dx, {{"others", others}, {"activation", activation}});
}

// Ranges of layers in the arenas.
void check_folds(const char* op, const char* name, const Tensor* arena, const Tensor* p, const int64_t* layers,
                 int64_t count) {
  check_not_null(op, "p", p);
  check_size(op, name, arena, p->size());
  check_floats(op, {{name, arena}, {"p", p}});
  for (int64_t i = 0; i < count; ++i) {
    const FoldedLayer layer(layers + FoldedLayer::kNumbers * i);
    check(layer.rows >= 0 && layer.channels >= 0 && layer.begin() >= 0 && layer.end() <= p->size(), op,
          "layer " + std::to_string(i) + " needs to lie in the " + std::to_string(p->size()) +
              " floats of p, lies in " + std::to_string(layer.begin()) + " to " + std::to_string(layer.end()));
  }
}

}  // namespace

void conv_block(Tensor* y, const Tensor* x, const Tensor* w, const Tensor* b, const Tensor* residual, int stride,
                int pad, bool relu) {
  const ConvShape s = check_conv("conv_block", x, w, y, stride, pad, true);
  if (b != nullptr) check_size("conv_block", "b", b, s.out);
  if (residual != nullptr) check_same("conv_block", "residual", residual, y);
  check_weights("conv_block", w, x);
  check_floats("conv_block", {{"b", b}});
  if (residual != nullptr || y->type() != Type::f32) {
    check_one_type("conv_block", x, {{"y", y}, {"residual", residual}});
  }
  backend().conv_block(y, x, w, b, residual, stride, pad, relu);
  count_flops(s.flops());
}

void conv_data_grad(Tensor* dx, const Tensor* dy, const Tensor* w, const Tensor* transposed, const Tensor* others,
                    const Tensor* activation, int stride, int pad) {
  const ConvShape s = check_conv("conv_data_grad", dx, w, dy, stride, pad);
  check_weights("conv_data_grad", w, dy);
  if (transposed != nullptr) {
    check_size("conv_data_grad", "transposed", transposed, w->size());
    check_one_type("conv_data_grad", w, {{"transposed", transposed}});
    check(pad > 0 || s.kh * s.kw == 1, "conv_data_grad",
          "a transposed w needs one tap or padding, is " + w->shape_text());
  }
  check_one_type("conv_data_grad", dy, {{"dx", dx}});
  check_like("conv_data_grad", dx, others, activation);
  backend().conv_data_grad(dx, dy, w, transposed, others, activation, stride, pad);
  count_flops(s.flops());
}

void transpose_kernels(Tensor* transposed, const Tensor* w, const int64_t* kernels, int64_t count) {
  check_not_null("transpose_kernels", "w", w);
  check_size("transpose_kernels", "transposed", transposed, w->size());
  check_one_type("transpose_kernels", w, {{"transposed", transposed}});
  for (int64_t i = 0; i < count; ++i) {
    const KernelPlace k(kernels + KernelPlace::kNumbers * i);
    check(std::min({k.offset, k.kh, k.kw, k.in, k.out, k.stride - 1}) >= 0 && k.end() <= w->size(), "transpose_kernels",
          "kernel " + std::to_string(i) + " needs to lie in the " + std::to_string(w->size()) +
              " values of w, lies in " + std::to_string(k.offset) + " to " + std::to_string(k.end()));
  }
  backend().transpose_kernels(transposed, w, kernels, count);
}

void conv_weight_grad(Tensor* dw, Tensor* db, const Tensor* x, const Tensor* dy, int stride, int pad) {
  const ConvShape s = check_conv("conv_weight_grad", x, dw, dy, stride, pad, true);
  if (db != nullptr) check_size("conv_weight_grad", "db", db, s.out);
  check_floats("conv_weight_grad", {{"dw", dw}, {"db", db}});
  check_one_type("conv_weight_grad", x, {{"dy", dy}});
  backend().conv_weight_grad(dw, db, x, dy, stride, pad);
  count_flops(s.flops());
}

void fold_bn(Tensor* folded, const Tensor* p, const int64_t* layers, int64_t count, float eps) {
  check_folds("fold_bn", "folded", folded, p, layers, count);
  backend().fold_bn(folded, p, layers, count, eps);
}

void fold_bn_grad(Tensor* g, const Tensor* p, const int64_t* layers, int64_t count, float eps) {
  check_folds("fold_bn_grad", "g", g, p, layers, count);
  backend().fold_bn_grad(g, p, layers, count, eps);
}

void rpn_heads(Tensor* logits, Tensor* deltas, int64_t first, const Tensor* x, const Tensor* class_w,
               const Tensor* class_b, const Tensor* bbox_w, const Tensor* bbox_b) {
  check_rank("rpn_heads", "x", x, 4);
  check_rank("rpn_heads", "logits", logits, 3);
  check_not_null("rpn_heads", "class_b", class_b);
  const int64_t images = x->dim(0), cells = x->dim(1) * x->dim(2), channels = x->dim(3);
  const int64_t ratios = class_b->size() / 2, anchors = logits->dim(1);
  check_shape("rpn_heads", "logits", logits, {images, anchors, 2});
  check_shape("rpn_heads", "deltas", deltas, {images, anchors, 4});
  check_shape("rpn_heads", "class_w", class_w, {1, 1, channels, 2 * ratios});
  check_size("rpn_heads", "class_b", class_b, 2 * ratios);
  check_shape("rpn_heads", "bbox_w", bbox_w, {1, 1, channels, 4 * ratios});
  check_size("rpn_heads", "bbox_b", bbox_b, 4 * ratios);
  check(first >= 0 && first + cells * ratios <= anchors, "rpn_heads",
        "logits " + logits->shape_text() + " need room for " + std::to_string(cells * ratios) + " anchors from " +
            std::to_string(first) + " on");
  check_floats("rpn_heads", {{"logits", logits}, {"deltas", deltas}, {"class_w", class_w}, {"class_b", class_b}});
  check_floats("rpn_heads", {{"bbox_w", bbox_w}, {"bbox_b", bbox_b}});
  backend().rpn_heads(logits, deltas, first, x, class_w, class_b, bbox_w, bbox_b);
  count_flops(2 * images * cells * channels * 6 * ratios);
}

void deconv2x2(Tensor* y, const Tensor* x, const Tensor* w, const Tensor* b, bool relu) {
  const DeconvShape s = check_deconv("deconv2x2", x, w, y);
  check_size("deconv2x2", "b", b, s.out);
  check_floats("deconv2x2", {{"w", w}, {"b", b}});
  check_one_type("deconv2x2", x, {{"y", y}});
  backend().deconv2x2(y, x, w, b, relu);
  count_flops(s.flops());
}

void deconv2x2_data_grad(Tensor* dx, const Tensor* dy, const Tensor* w, const Tensor* others,
                         const Tensor* activation) {
  const DeconvShape s = check_deconv("deconv2x2_data_grad", dx, w, dy);
  check_floats("deconv2x2_data_grad", {{"w", w}});
  check_one_type("deconv2x2_data_grad", dy, {{"dx", dx}});
  check_like("deconv2x2_data_grad", dx, others, activation);
  backend().deconv2x2_data_grad(dx, dy, w, others, activation);
  count_flops(s.flops());
}

void deconv2x2_weight_grad(Tensor* dw, Tensor* db, const Tensor* x, const Tensor* dy) {
  const DeconvShape s = check_deconv("deconv2x2_weight_grad", x, dw, dy);
  check_size("deconv2x2_weight_grad", "db", db, s.out);
  check_floats("deconv2x2_weight_grad", {{"dw", dw}, {"db", db}});
  check_one_type("deconv2x2_weight_grad", x, {{"dy", dy}});
  backend().deconv2x2_weight_grad(dw, db, x, dy);
  count_flops(s.flops());
}

}  // namespace selvage

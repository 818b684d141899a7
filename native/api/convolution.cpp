// Convolutions, the 2x2 transposed one, and the folding of frozen batch norm into them.
#include "check.h"
#include "conv_shape.h"
#include "flops.h"

namespace selvage {
namespace {

ConvShape check_conv(const char* op, const Tensor* x, const Tensor* w, const Tensor* y, int stride, int pad) {
  check_rank(op, "x", x, 4);
  check_rank(op, "w", w, 4);
  check(stride >= 1 && pad >= 0, op,
        "stride and pad need to be at least 1 and 0, are " + std::to_string(stride) + " and " + std::to_string(pad));
  check(w->dim(2) == x->dim(3), op,
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

}  // namespace

void conv_block(Tensor* y, const Tensor* x, const Tensor* w, const Tensor* b, const Tensor* residual, int stride,
                int pad, bool relu) {
  const ConvShape s = check_conv("conv_block", x, w, y, stride, pad);
  if (b != nullptr) check_size("conv_block", "b", b, s.out);
  if (residual != nullptr) check_same("conv_block", "residual", residual, y);
  check_floats("conv_block", {{"w", w}, {"b", b}});
  if (residual != nullptr || y->type() != Type::f32) {
    check_one_type("conv_block", x, {{"y", y}, {"residual", residual}});
  }
  backend().conv_block(y, x, w, b, residual, stride, pad, relu);
  count_flops(s.flops());
}

void conv_data_grad(Tensor* dx, const Tensor* dy, const Tensor* w, const Tensor* others, const Tensor* activation,
                    int stride, int pad) {
  const ConvShape s = check_conv("conv_data_grad", dx, w, dy, stride, pad);
  check_floats("conv_data_grad", {{"w", w}});
  check_one_type("conv_data_grad", dy, {{"dx", dx}});
  check_like("conv_data_grad", dx, others, activation);
  backend().conv_data_grad(dx, dy, w, others, activation, stride, pad);
  count_flops(s.flops());
}

void conv_weight_grad(Tensor* dw, Tensor* db, const Tensor* x, const Tensor* dy, int stride, int pad) {
  const ConvShape s = check_conv("conv_weight_grad", x, dw, dy, stride, pad);
  if (db != nullptr) check_size("conv_weight_grad", "db", db, s.out);
  check_floats("conv_weight_grad", {{"dw", dw}, {"db", db}});
  check_one_type("conv_weight_grad", x, {{"dy", dy}});
  backend().conv_weight_grad(dw, db, x, dy, stride, pad);
  count_flops(s.flops());
}

void fold_bn(Tensor* wf, Tensor* bf, const Tensor* w, const Tensor* b, const Tensor* gamma, const Tensor* beta,
             const Tensor* mean, const Tensor* var, float eps) {
  check_not_null("fold_bn", "w", w);
  const Tensor* vectors[] = {bf, b, gamma, beta, mean, var};
  const char* names[] = {"bf", "b", "gamma", "beta", "mean", "var"};
  check_same("fold_bn", "wf", wf, w);
  for (int i = 0; i < 6; ++i) check_size("fold_bn", names[i], vectors[i], w->last());
  check_floats("fold_bn", {{"w", w}, {"wf", wf}});
  for (int i = 0; i < 6; ++i) check_type("fold_bn", names[i], vectors[i], Type::f32);
  backend().fold_bn(wf, bf, w, b, gamma, beta, mean, var, eps);
}

void fold_bn_grad(Tensor* dw, Tensor* db, Tensor* dgamma, Tensor* dbeta, const Tensor* dwf, const Tensor* dbf,
                  const Tensor* w, const Tensor* b, const Tensor* gamma, const Tensor* mean, const Tensor* var,
                  float eps) {
  check_not_null("fold_bn_grad", "w", w);
  check_same("fold_bn_grad", "dw", dw, w);
  check_same("fold_bn_grad", "dwf", dwf, w);
  const Tensor* vectors[] = {db, dgamma, dbeta, dbf, b, gamma, mean, var};
  const char* names[] = {"db", "dgamma", "dbeta", "dbf", "b", "gamma", "mean", "var"};
  for (int i = 0; i < 8; ++i) check_size("fold_bn_grad", names[i], vectors[i], w->last());
  check_floats("fold_bn_grad", {{"w", w}, {"dw", dw}, {"dwf", dwf}});
  for (int i = 0; i < 8; ++i) check_type("fold_bn_grad", names[i], vectors[i], Type::f32);
  backend().fold_bn_grad(dw, db, dgamma, dbeta, dwf, dbf, w, b, gamma, mean, var, eps);
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

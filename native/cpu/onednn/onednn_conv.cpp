#include "cpu/onednn/onednn_conv.h"

#include <algorithm>
#include <array>
#include <memory>
#include <unordered_map>

#include "cpu/common/allocator.h"
#include "cpu/onednn/onednn.h"

namespace selvage::cpu {
namespace {

using dnnl::memory;
using Tag = memory::format_tag;
constexpr auto kF32 = memory::data_type::f32;

enum Direction { kForward, kDataGrad, kWeightGrad };

struct Compiled {
  dnnl::primitive conv;
  dnnl::reorder reorder;  // of the weights from HWIO into what the convolution wants, or of their gradient back
  memory::desc x, w_plain, w, y, bias;
};

using Key = std::array<int64_t, 15>;

PrimitiveCache<Key, Compiled>& cache() {
  static PrimitiveCache<Key, Compiled> instance;
  return instance;
}

Key key(const ConvShape& s, Direction direction, const Tensor* x, const Tensor* y, bool bias = false,
        bool residual = false, bool relu = false) {
  const auto x_type = static_cast<int64_t>(x->type()), y_type = static_cast<int64_t>(y->type());
  return {s.n, s.h, s.w, s.in, s.out, s.kh, s.kw, s.stride, s.pad, direction, bias, residual, relu, x_type, y_type};
}

struct Descs {
  memory::desc x, w, w_plain, y, bias;
  memory::dims strides, padding;

  Descs(const ConvShape& s, Type x_type, Type y_type)
      : x({s.n, s.in, s.h, s.w}, onednn_type(x_type), Tag::nhwc),
        w({s.out, s.in, s.kh, s.kw}, onednn_type(x_type), Tag::any),
        w_plain({s.out, s.in, s.kh, s.kw}, kF32, Tag::hwio),
        y({s.n, s.out, s.out_h(), s.out_w()}, onednn_type(y_type), Tag::nhwc),
        bias({s.out}, kF32, Tag::a),
        strides{s.stride, s.stride},
        padding{s.pad, s.pad} {}
};

dnnl::convolution_forward::primitive_desc forward_desc(const Descs& d, bool bias, const dnnl::primitive_attr& attr) {
  const auto kind = dnnl::prop_kind::forward_training;
  const auto algorithm = dnnl::algorithm::convolution_direct;
  return bias ? dnnl::convolution_forward::primitive_desc(engine(), kind, algorithm, d.x, d.w, d.bias, d.y, d.strides,
                                                          d.padding, d.padding, attr)
              : dnnl::convolution_forward::primitive_desc(engine(), kind, algorithm, d.x, d.w, d.y, d.strides,
                                                          d.padding, d.padding, attr);
}

Compiled compile_forward(const ConvShape& s, Type x_type, Type y_type, bool bias, bool residual, bool relu) {
  const Descs d(s, x_type, y_type);
  dnnl::primitive_attr attr;
  dnnl::post_ops ops;
  if (residual) ops.append_binary(dnnl::algorithm::binary_add, d.y);
  if (relu) ops.append_eltwise(dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
  attr.set_post_ops(ops);
  const auto desc = forward_desc(d, bias, attr);
  return {dnnl::convolution_forward(desc),
          reorder(d.w_plain, desc.weights_desc()),
          d.x,
          d.w_plain,
          desc.weights_desc(),
          d.y,
          d.bias};
}

Compiled compile_data_grad(const ConvShape& s, Type type) {
  const Descs d(s, type, type);
  const auto hint = forward_desc(d, false, {});
  const dnnl::convolution_backward_data::primitive_desc desc(engine(), dnnl::algorithm::convolution_direct, d.x, d.w,
                                                             d.y, d.strides, d.padding, d.padding, hint);
  return {dnnl::convolution_backward_data(desc),
          reorder(d.w_plain, desc.weights_desc()),
          d.x,
          d.w_plain,
          desc.weights_desc(),
          d.y,
          d.bias};
}

Compiled compile_weight_grad(const ConvShape& s, Type type) {
  const Descs d(s, type, type);
  const auto hint = forward_desc(d, false, {});
  const memory::desc dw({s.out, s.in, s.kh, s.kw}, kF32, Tag::any);
  const dnnl::convolution_backward_weights::primitive_desc desc(engine(), dnnl::algorithm::convolution_direct, d.x, dw,
                                                                d.y, d.strides, d.padding, d.padding, hint);
  return {dnnl::convolution_backward_weights(desc),
          reorder(desc.diff_weights_desc(), d.w_plain),
          d.x,
          d.w_plain,
          desc.diff_weights_desc(),
          d.y,
          d.bias};
}

// Where image `image` of a map begins.
const char* at(const Tensor* map, int64_t image) { return map->as<char>() + image * (map->bytes() / map->dim(0)); }

// The number of ROIs changes every step, and code generated for each number would fill the cache: large batches are cut
// into powers of two, of which there are few.
int64_t piece(int64_t n) {
  if (n <= 8) return n;
  int64_t size = 8;
  while (size * 2 <= std::min<int64_t>(n, 64)) size *= 2;
  return size;
}

// body(shape of the piece, images before it)
template <typename Body>
void for_pieces(const ConvShape& whole, const Body& body) {
  for (int64_t done = 0; done < whole.n;) {
    ConvShape part = whole;
    part.n = piece(whole.n - done);
    body(part, done);
    done += part.n;
  }
}

int64_t floats_of(const memory::desc& desc) {
  return static_cast<int64_t>((desc.get_size() + sizeof(float) - 1) / sizeof(float));
}

// Weights in the layout and type that a compiled convolution wants, made anew only when the next one wants another.
class Weights {
 public:
  explicit Weights(const float* plain) : plain_(plain) {}

  memory in(Compiled& compiled) {
    if (buffer_ == nullptr || compiled.w != desc_) {
      desc_ = compiled.w;
      buffer_ = std::make_unique<Scratch>(floats_of(desc_));
      memory from = wrap(compiled.w_plain, plain_), to = wrap(desc_, buffer_->data());
      compiled.reorder.execute(stream(), from, to);
    }
    return wrap(desc_, buffer_->data());
  }

 private:
  const float* plain_;
  memory::desc desc_;
  std::unique_ptr<Scratch> buffer_;
};

}  // namespace

void onednn_conv(const ConvShape& shape, Tensor* y, const Tensor* x, const float* w, const float* bias,
                 const Tensor* residual, bool relu) {
  Weights weights(w);
  for_pieces(shape, [&](const ConvShape& s, int64_t done) {
    const bool has_bias = bias != nullptr, has_residual = residual != nullptr;
    Compiled& c = cache().get(key(s, kForward, x, y, has_bias, has_residual, relu),
                              [&] { return compile_forward(s, x->type(), y->type(), has_bias, has_residual, relu); });
    std::unordered_map<int, memory> arguments = {{DNNL_ARG_SRC, wrap(c.x, at(x, done))},
                                                 {DNNL_ARG_WEIGHTS, weights.in(c)},
                                                 {DNNL_ARG_DST, wrap(c.y, at(y, done))}};
    if (has_bias) arguments.insert({DNNL_ARG_BIAS, wrap(c.bias, bias)});
    if (has_residual) {
      arguments.insert({DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1, wrap(c.y, at(residual, done))});
    }
    c.conv.execute(stream(), arguments);
  });
  stream().wait();
}

void onednn_conv_data_grad(const ConvShape& shape, Tensor* dx, const Tensor* dy, const float* w) {
  Weights weights(w);
  for_pieces(shape, [&](const ConvShape& s, int64_t done) {
    Compiled& c = cache().get(key(s, kDataGrad, dx, dy), [&] { return compile_data_grad(s, dy->type()); });
    c.conv.execute(stream(), {{DNNL_ARG_DIFF_SRC, wrap(c.x, at(dx, done))},
                              {DNNL_ARG_WEIGHTS, weights.in(c)},
                              {DNNL_ARG_DIFF_DST, wrap(c.y, at(dy, done))}});
  });
  stream().wait();
}

void onednn_conv_weight_grad(const ConvShape& shape, float* dw, const Tensor* x, const Tensor* dy) {
  const int64_t count = shape.kh * shape.kw * shape.in * shape.out;
  Scratch share(shape.n > piece(shape.n) ? count : 0);  // of a piece that is not the first
  for_pieces(shape, [&](const ConvShape& s, int64_t done) {
    Compiled& c = cache().get(key(s, kWeightGrad, x, dy), [&] { return compile_weight_grad(s, x->type()); });
    Scratch blocked(floats_of(c.w));
    memory from = wrap(c.w, blocked.data()), to = wrap(c.w_plain, done == 0 ? dw : share.data());
    c.conv.execute(stream(), {{DNNL_ARG_SRC, wrap(c.x, at(x, done))},
                              {DNNL_ARG_DIFF_WEIGHTS, from},
                              {DNNL_ARG_DIFF_DST, wrap(c.y, at(dy, done))}});
    c.reorder.execute(stream(), from, to);
    stream().wait();
    if (done > 0) {
      for (int64_t i = 0; i < count; ++i) dw[i] += share.data()[i];
    }
  });
}

}  // namespace selvage::cpu

#include "onednn_conv.h"

#include <algorithm>
#include <array>
#include <list>
#include <map>
#include <memory>
#include <oneapi/dnnl/dnnl.hpp>
#include <unordered_map>

#include "allocator.h"

namespace selvage::cpu {
namespace {

using dnnl::memory;
using Tag = memory::format_tag;
constexpr auto kF32 = memory::data_type::f32;

// A step of ResNet-101 has about 60 distinct convolutions in each direction.
constexpr size_t kCacheSize = 512;

const dnnl::engine& engine() {
  static const dnnl::engine instance(dnnl::engine::kind::cpu, 0);
  return instance;
}

dnnl::stream& stream() {
  static dnnl::stream instance(engine());
  return instance;
}

struct Compiled {
  dnnl::primitive conv;
  dnnl::reorder reorder;  // of the weights from HWIO into what the convolution wants
  memory::desc x, w_plain, w, y, bias;
};

// Least recently used goes first.
class Cache {
 public:
  using Key = std::array<int64_t, 13>;

  template <typename Make>
  Compiled& get(const Key& key, const Make& make) {
    auto found = places_.find(key);
    if (found != places_.end()) {
      entries_.splice(entries_.begin(), entries_, found->second);
      return entries_.front().second;
    }
    if (entries_.size() == kCacheSize) {
      places_.erase(entries_.back().first);
      entries_.pop_back();
    }
    entries_.emplace_front(key, make());
    places_[key] = entries_.begin();
    return entries_.front().second;
  }

 private:
  std::list<std::pair<Key, Compiled>> entries_;
  std::map<Key, std::list<std::pair<Key, Compiled>>::iterator> places_;
};

Cache& cache() {
  static Cache instance;
  return instance;
}

Cache::Key key(const ConvShape& s, int direction, bool bias, bool residual, bool relu) {
  return {s.n, s.h, s.w, s.in, s.out, s.kh, s.kw, s.stride, s.pad, direction, bias, residual, relu};
}

struct Descs {
  memory::desc x, w, w_plain, y, bias;
  memory::dims strides, padding;

  explicit Descs(const ConvShape& s)
      : x({s.n, s.in, s.h, s.w}, kF32, Tag::nhwc),
        w({s.out, s.in, s.kh, s.kw}, kF32, Tag::any),
        w_plain({s.out, s.in, s.kh, s.kw}, kF32, Tag::hwio),
        y({s.n, s.out, s.out_h(), s.out_w()}, kF32, Tag::nhwc),
        bias({s.out}, kF32, Tag::a),
        strides{s.stride, s.stride},
        padding{s.pad, s.pad} {}
};

dnnl::reorder reorder(const memory::desc& from, const memory::desc& to) {
  return dnnl::reorder(dnnl::reorder::primitive_desc(engine(), from, engine(), to));
}

dnnl::convolution_forward::primitive_desc forward_desc(const Descs& d, bool bias, const dnnl::primitive_attr& attr) {
  const auto kind = dnnl::prop_kind::forward_training;
  const auto algorithm = dnnl::algorithm::convolution_direct;
  return bias ? dnnl::convolution_forward::primitive_desc(engine(), kind, algorithm, d.x, d.w, d.bias, d.y, d.strides,
                                                          d.padding, d.padding, attr)
              : dnnl::convolution_forward::primitive_desc(engine(), kind, algorithm, d.x, d.w, d.y, d.strides,
                                                          d.padding, d.padding, attr);
}

Compiled compile_forward(const ConvShape& s, bool bias, bool residual, bool relu) {
  const Descs d(s);
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

Compiled compile_data_grad(const ConvShape& s) {
  const Descs d(s);
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

memory wrap(const memory::desc& desc, const float* data) { return memory(desc, engine(), const_cast<float*>(data)); }

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

// Weights in the layout that a compiled convolution wants, made anew only when the next one wants another.
class Weights {
 public:
  explicit Weights(const float* plain) : plain_(plain) {}

  memory in(Compiled& compiled) {
    if (buffer_ == nullptr || compiled.w != desc_) {
      desc_ = compiled.w;
      buffer_ = std::make_unique<Scratch>(static_cast<int64_t>(desc_.get_size() / sizeof(float)));
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

void onednn_conv(const ConvShape& shape, float* y, const float* x, const float* w, const float* bias,
                 const float* residual, bool relu) {
  Weights weights(w);
  for_pieces(shape, [&](const ConvShape& s, int64_t done) {
    const bool has_bias = bias != nullptr, has_residual = residual != nullptr;
    Compiled& c = cache().get(key(s, 0, has_bias, has_residual, relu),
                              [&] { return compile_forward(s, has_bias, has_residual, relu); });
    const int64_t y_offset = done * s.out_h() * s.out_w() * s.out;
    std::unordered_map<int, memory> arguments = {{DNNL_ARG_SRC, wrap(c.x, x + done * s.h * s.w * s.in)},
                                                 {DNNL_ARG_WEIGHTS, weights.in(c)},
                                                 {DNNL_ARG_DST, wrap(c.y, y + y_offset)}};
    if (has_bias) arguments.insert({DNNL_ARG_BIAS, wrap(c.bias, bias)});
    if (has_residual) {
      arguments.insert({DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1, wrap(c.y, residual + y_offset)});
    }
    c.conv.execute(stream(), arguments);
  });
  stream().wait();
}

void onednn_conv_data_grad(const ConvShape& shape, float* dx, const float* dy, const float* w) {
  Weights weights(w);
  for_pieces(shape, [&](const ConvShape& s, int64_t done) {
    Compiled& c = cache().get(key(s, 1, false, false, false), [&] { return compile_data_grad(s); });
    c.conv.execute(stream(), {{DNNL_ARG_DIFF_SRC, wrap(c.x, dx + done * s.h * s.w * s.in)},
                              {DNNL_ARG_WEIGHTS, weights.in(c)},
                              {DNNL_ARG_DIFF_DST, wrap(c.y, dy + done * s.out_h() * s.out_w() * s.out)}});
  });
  stream().wait();
}

}  // namespace selvage::cpu

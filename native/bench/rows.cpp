// The ops of a training step of ResNet-50, each at the shapes it has there; a shape that comes again is counted, and
// listed once. Of parameters, and of maps that several layers share, one shape stands for all.
#include <algorithm>
#include <numeric>
#include <random>

#include "bench.h"
#include "selvage.h"

namespace selvage::bench {
namespace {

using Held = std::shared_ptr<Tensor>;
using Shape = std::vector<int64_t>;

int64_t count(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<int64_t>());
}

std::string text(const Shape& shape) {
  std::string joined;
  for (int64_t d : shape) joined += (joined.empty() ? "" : "x") + std::to_string(d);
  return joined;
}

Held constant(const Shape& shape, Type type, float value) {
  Held t = std::make_shared<Tensor>(shape.data(), static_cast<int>(shape.size()), type);
  fill(t.get(), value);
  return t;
}

// Uniform in [low,high), the same each time; a million of them, repeated. Equal values would let a GPU that is limited
// by its power compute faster than it can with a model's.
Held tensor(const Shape& shape, Type type = Type::f32, float low = -0.1f, float high = 0.1f) {
  Held t = std::make_shared<Tensor>(shape.data(), static_cast<int>(shape.size()), type);
  std::minstd_rand engine;
  std::vector<float> values(std::min<int64_t>(t->size(), 1 << 20));
  for (float& value : values)
    value = low + (high - low) * static_cast<float>(engine()) / static_cast<float>(std::minstd_rand::max());
  const auto part = [&](int64_t offset, int64_t size) { return Tensor(t.get(), offset, &size, 1); };
  auto there = static_cast<int64_t>(values.size());
  Tensor first = part(0, there);
  tensor_upload(&first, values.data(), there);
  while (there < t->size()) {
    const int64_t more = std::min(there, t->size() - there);
    Tensor to = part(there, more), from = part(0, more);
    copy(&to, &from);
    there += more;
  }
  return t;
}

struct Conv {
  int64_t n, h, w, in, out;
  int kernel, stride;
  int64_t photo = 0;  // channels of x where these are more than `in`
  int pad() const { return kernel == 3 ? 1 : kernel == 7 && stride == 2 ? 3 : 0; }
  int64_t out_h() const { return (h + 2 * pad() - kernel) / stride + 1; }
  int64_t out_w() const { return (w + 2 * pad() - kernel) / stride + 1; }
  Shape x() const { return {n, h, w, std::max(in, photo)}; }
  Shape weights() const { return {kernel, kernel, in, out}; }
  Shape y() const { return {n, out_h(), out_w(), out}; }
  bool is_dense() const { return pad() == 0 && kernel == h && kernel == w; }
  std::string name() const {
    return " " + text(x()) + " by " + text(weights()) + (stride > 1 ? " stride " + std::to_string(stride) : "");
  }
  double flops() const { return 2.0 * count(y()) * kernel * kernel * in; }
};

constexpr int kBlocks[] = {3, 4, 6, 3};  // of C2..C5

class Rows {
 public:
  explicit Rows(const Step& step) : step_(step), size_(bytes_of(step.type)) {}

  void forward(const Conv& c) {
    const Type type = step_.type;
    add_conv("conv_block", c, [c, type] {
      const Held x = tensor(c.x(), type), w = tensor(c.weights()), b = tensor({c.out}), y = tensor(c.y(), type);
      return [=] { conv_block(y.get(), x.get(), w.get(), b.get(), nullptr, c.stride, c.pad(), true); };
    });
  }
  // Logits and deltas of the RPN at one level, of three anchors a cell.
  void rpn_heads(const Shape& shape) {
    const Type type = step_.type;
    const int64_t anchors = 3 * shape[1] * shape[2], channels = shape[3];
    const double sums = 18.0 * count(shape) / static_cast<double>(channels);
    add("rpn_heads " + text(shape), 2.0 * sums * static_cast<double>(channels), maps(shape) + 4 * sums, [=] {
      const Held x = tensor(shape, type), class_w = tensor({1, 1, channels, 6}), class_b = tensor({6}),
                 bbox_w = tensor({1, 1, channels, 12}), bbox_b = tensor({12}), logits = tensor({shape[0], anchors, 2}),
                 deltas = tensor({shape[0], anchors, 4});
      return [=] {
        selvage::rpn_heads(logits.get(), deltas.get(), 0, x.get(), class_w.get(), class_b.get(), bbox_w.get(),
                           bbox_b.get());
      };
    });
  }
  void weight_grad(const Conv& c) {
    const Type type = step_.type;
    add_conv("conv_weight_grad", c, [c, type] {
      const Held x = tensor(c.x(), type), dw = tensor(c.weights()), db = tensor({c.out}), dy = tensor(c.y(), type);
      return [=] { conv_weight_grad(dw.get(), db.get(), x.get(), dy.get(), c.stride, c.pad()); };
    });
  }
  // What a data gradient does besides: add the gradients by other paths, apply the gradient of the ReLU before.
  struct Others {
    bool added, masked;
  };
  void all(const Conv& c, const Others& others) {
    forward(c);
    const Type type = step_.type;
    const double bytes = maps(c.x()) * ((others.added ? 1 : 0) + (others.masked ? 1 : 0));
    add_conv(
        "conv_data_grad", c,
        [c, type, others] {
          const Held dx = tensor(c.x(), type), w = tensor(c.weights()), dy = tensor(c.y(), type);
          const Held more = others.added ? tensor(c.x(), type) : Held(),
                     y = others.masked ? tensor(c.x(), type) : Held();
          return [=] { conv_data_grad(dx.get(), dy.get(), w.get(), nullptr, more.get(), y.get(), c.stride, c.pad()); };
        },
        (others.added ? std::string(" added") : "") + (others.masked ? " masked" : ""), bytes);
    weight_grad(c);
  }

  void relu_grad(const Shape& shape) {
    const Type type = step_.type;
    add("relu_grad " + text(shape), 0, 3 * maps(shape), [=] {
      const Held dy = tensor(shape, type), y = tensor(shape, type);
      return [=] { selvage::relu_grad(dy.get(), dy.get(), y.get()); };
    });
  }
  void backbone() {
    const int64_t n = step_.images, h = step_.height, w = step_.width;
    const Conv stem{n, h, w, 3, 64, 7, 2, image_channels(static_cast<int>(step_.type))};
    forward(stem);
    weight_grad(stem);
    relu_grad(stem.y());
    for (int s = 0; s < 4; ++s) {
      const int64_t sh = h / 4 >> s, sw = w / 4 >> s, width = 64 << s, out = 256 << s, in = s == 0 ? 64 : 128 << s;
      const int stride = s == 0 ? 1 : 2;
      all({n, sh * stride, sw * stride, in, out, 1, stride}, {true, s > 0});  // the shortcut
      for (int block = 0; block < kBlocks[s]; ++block) {
        if (block == 0) {
          all({n, sh * stride, sw * stride, in, width, 1, stride}, {s > 0, s > 0});
        } else {
          all({n, sh, sw, out, width, 1, 1}, {true, true});
        }
        all({n, sh, sw, width, width, 3, 1}, {false, true});
        all({n, sh, sw, width, out, 1, 1}, {false, true});
      }
    }
  }

  void pyramid() {
    const int64_t n = step_.images;
    for (int s = 0; s < 4; ++s) all({n, level_h(s), level_w(s), 256 << s, 256, 1, 1}, {false, true});
    for (int s = 0; s < 4; ++s) all({n, level_h(s), level_w(s), 256, 256, 3, 1}, {s > 0, false});
    for (int s = 0; s < 5; ++s) forward({n, level_h(s), level_w(s), 256, 512, 3, 1});
    for (int s = 0; s < 5; ++s) rpn_heads({n, level_h(s), level_w(s), 512});
    proposals();
  }

  // Of all anchors, the best 6000, and of these 2000. Bytes: the logits, and what it reads of the best.
  void proposals() {
    int64_t anchors = 0;
    for (int s = 0; s < 5; ++s) anchors += 3 * level_h(s) * level_w(s);
    const int64_t n = step_.images;
    add("propose " + text({n, anchors}), 0, 8.0 * static_cast<double>(n * anchors), [=] {
      const Held y = tensor({n, 2000, 4}), logits = tensor({n, anchors, 2}, Type::f32, -4, 4),
                 deltas = tensor({n, anchors, 4}), boxes = tensor({anchors, 4});
      std::vector<float> corners;
      for (int64_t i = 0; i < anchors; ++i) {
        const float size = 0.03f + 0.4f * static_cast<float>(i % 5) / 5,
                    y1 = static_cast<float>(i % 97) / 97 - size / 2, x1 = static_cast<float>(i % 89) / 89 - size / 2;
        corners.insert(corners.end(), {y1, x1, y1 + size, x1 + size});
      }
      tensor_upload(boxes.get(), corners.data(), 4 * anchors);
      return [=] {
        const float deviations[] = {0.1f, 0.1f, 0.2f, 0.2f};
        propose(y.get(), logits.get(), deltas.get(), boxes.get(), 6000, 0.7f, deviations);
      };
    });
  }

  // The last layer of the mask head, for one class of each region.
  void mask_classes(const Shape& x) {
    const Shape w{1, 1, x[3], 47}, y{x[0], x[1], x[2]};
    const Type type = step_.type;
    add("mask_logits " + text(x), 2.0 * count(x), maps(x) + 4.0 * count(y), [=] {
      const Held a = tensor(x, type), k = tensor(w), b = tensor({47}), out = tensor(y),
                 classes = constant({x[0]}, Type::f32, 1);
      return [=] { mask_logits(out.get(), a.get(), k.get(), b.get(), classes.get()); };
    });
    add("mask_logits_grad " + text(x), 4.0 * count(x), 2 * maps(x) + 4.0 * count(y), [=] {
      const Held dx = tensor(x, type), dw = tensor(w), db = tensor({47}), dy = tensor(y), a = tensor(x, type),
                 k = tensor(w), classes = constant({x[0]}, Type::f32, 1);
      return [=] { mask_logits_grad(dx.get(), dw.get(), db.get(), dy.get(), a.get(), k.get(), classes.get()); };
    });
  }

  void heads() {
    const int64_t rois = 200LL * step_.images, positive = 66LL * step_.images;
    all({rois, 7, 7, 256, 1024, 7, 1}, {false, false});
    all({rois, 1, 1, 1024, 1024, 1, 1}, {false, true});
    for (int layer = 0; layer < 4; ++layer) all({positive, 14, 14, 256, 256, 3, 1}, {false, layer > 0});
    const Shape x{positive, 14, 14, 256}, y{positive, 28, 28, 256}, w{2, 2, 256, 256};
    const Type type = step_.type;
    const double flops = 2.0 * count(y) * 256, bytes = maps(x) + maps(y) + 4.0 * count(w);
    add("deconv2x2 " + text(x), flops, bytes, [=] {
      const Held a = tensor(x, type), k = tensor(w), b = tensor({256}), out = tensor(y, type);
      return [=] { deconv2x2(out.get(), a.get(), k.get(), b.get(), true); };
    });
    add("deconv2x2_data_grad " + text(x) + " masked", flops, bytes + maps(x), [=] {
      const Held a = tensor(x, type), k = tensor(w), out = tensor(y, type), relu = tensor(x, type);
      return [=] { deconv2x2_data_grad(a.get(), out.get(), k.get(), nullptr, relu.get()); };
    });
    relu_grad(y);
    add("deconv2x2_weight_grad " + text(x), flops, bytes, [=] {
      const Held a = tensor(x, type), k = tensor(w), b = tensor({256}), out = tensor(y, type);
      return [=] { deconv2x2_weight_grad(k.get(), b.get(), a.get(), out.get()); };
    });
    mask_classes(y);
    regions(rois, 7);
    regions(positive, 14);
    losses(rois, positive);
  }

  void maps_only() {
    const Type type = step_.type;
    const int64_t n = step_.images;
    const Shape c1{n, step_.height / 2, step_.width / 2, 64}, c2{n, level_h(0), level_w(0), 64};
    const Shape enlarged{66 * n, 28, 28, 256}, wide{n, level_h(0), level_w(0), 256},
        top{n, level_h(1), level_w(1), 256};
    add("max_pool " + text(c1), 0, maps(c1) + maps(c2), [=] {
      const Held x = tensor(c1, type), y = tensor(c2, type);
      return [=] { max_pool(y.get(), x.get()); };
    });
    add("max_pool_grad " + text(c1), 0, 2 * maps(c1) + 2 * maps(c2), [=] {
      const Held x = tensor(c1, type), y = tensor(c2, type), dx = tensor(c1, type), dy = tensor(c2, type);
      return [=] { max_pool_grad(dx.get(), dy.get(), x.get(), y.get()); };
    });
    add("sum_rows " + text(enlarged), 0, maps(enlarged), [=] {
      const Held x = tensor(enlarged, type), y = tensor({256});
      return [=] { sum_rows(y.get(), x.get()); };
    });
    add("upsample_add " + text(wide), 0, maps(top) + 2 * maps(wide), [=] {
      const Held y = tensor(wide, type), small = tensor(top, type), lateral = tensor(wide, type);
      return [=] { upsample_add(y.get(), small.get(), lateral.get()); };
    });
    add("upsample_grad " + text(wide), 0, maps(top) + maps(wide), [=] {
      const Held dy = tensor(wide, type), small = tensor(top, type);
      return [=] { upsample_grad(small.get(), dy.get()); };
    });
  }

  void parameters() {
    const Shape w{3, 3, 512, 512};
    const double bytes = 4.0 * count(w);
    for (const bool back : {false, true}) {
      add((back ? "fold_bn_grad " : "fold_bn ") + text(w), 0, (back ? 3 : 2) * bytes, [=] {
        const int64_t size = count(w), c = w.back();
        const Held p = constant({size + 5 * c}, Type::f32, 1), other = constant({size + 5 * c}, Type::f32, 1);
        return [=] {
          const int64_t layer[] = {0, size, size + c, size + 2 * c, size + 3 * c, size + 4 * c, size / c, c};
          (back ? fold_bn_grad : fold_bn)(other.get(), p.get(), layer, 1, 1e-3f);
        };
      });
    }
    add("l2_grad " + text(w), 0, 3 * bytes, [=] {
      const Held p = tensor(w), g = tensor(w), squares = tensor({2});
      return [=] {
        const int64_t begin = 0, size = count(w);
        const float coefficient = 1e-9f;
        l2_grad(squares.get(), g.get(), p.get(), &begin, &size, &coefficient, 1);
      };
    });
    add("sgd " + text(w), 0, 5 * bytes, [=] {
      const Held p = tensor(w), m = tensor(w), g = tensor(w);
      return [=] {
        const int64_t begin = 0, size = count(w);
        sgd(p.get(), m.get(), g.get(), &begin, &size, 1, 1e-6f, 0.9f, 1.0f);
      };
    });
    add("sum_squares " + text(w), 0, bytes, [=] {
      const Held g = tensor(w);
      return [=] { sum_squares(g.get()); };
    });
  }

  // What a launch costs by itself, and what repeating saves of it.
  void small_launches() {
    const Shape shape{64};
    const Type type = step_.type;
    constexpr int kLaunches = 32;
    for (const bool in_graph : {false, true}) {
      add(in_graph ? "relu_grad 64, 32 times in a graph" : "relu_grad 64, 32 times", 0, kLaunches * 3 * maps(shape),
          [=] {
            const Held dy = tensor(shape, type), y = tensor(shape, type);
            return [=] {
              if (in_graph) begin_graph();
              for (int i = 0; i < kLaunches; ++i) selvage::relu_grad(dy.get(), dy.get(), y.get());
              if (in_graph) end_graph();
            };
          });
    }
  }

  std::vector<Row> take() { return std::move(rows_); }

 private:
  // P6 has every second cell of P5, and the odd one.
  int64_t level_h(int s) const { return ((step_.height / 4 - 1) >> s) + 1; }
  int64_t level_w(int s) const { return ((step_.width / 4 - 1) >> s) + 1; }
  double maps(const Shape& shape) const { return static_cast<double>(count(shape)) * size_; }

  void add_conv(const char* op, const Conv& c, std::function<Body()> prepare, const std::string& besides = "",
                double more_bytes = 0) {
    const double bytes = maps(c.x()) + maps(c.y()) + 4.0 * count(c.weights());
    add(op + c.name() + besides, c.flops(), bytes + more_bytes, std::move(prepare), !c.is_dense() && c.photo <= c.in);
  }

  void add(const std::string& name, double flops, double bytes, std::function<Body()> prepare, bool by_either = false) {
    for (Row& row : rows_) {
      if (row.name != name) continue;
      ++row.calls;
      return;
    }
    rows_.push_back({name, flops, bytes, 1, by_either, std::move(prepare)});
  }

  struct Regions {
    std::vector<Held> levels;
    Held boxes, y, image_indices;
  };

  // ROIs of every size, spread over the images. Bytes: four reads and a write a cell.
  void regions(int64_t rois, int64_t side) {
    const Shape y{rois, side, side, 256};
    const float h = static_cast<float>(step_.height), w = static_cast<float>(step_.width);
    const Step step = step_;
    const auto make = [step, rois, y] {
      auto r = std::make_shared<Regions>();
      for (int s = 0; s < 4; ++s)
        r->levels.push_back(tensor({step.images, step.height / 4 >> s, step.width / 4 >> s, 256}, step.type));
      std::vector<float> boxes, image_indices;
      for (int64_t i = 0; i < rois; ++i) {
        const float size = 0.05f + 0.9f * static_cast<float>(i % 16) / 16,
                    at = (1 - size) * static_cast<float>(i % 7) / 7;
        boxes.insert(boxes.end(), {at, at, at + size, at + size});
        image_indices.push_back(static_cast<float>(i % step.images));
      }
      r->boxes = tensor({rois, 4});
      tensor_upload(r->boxes.get(), boxes.data(), 4 * rois);
      r->image_indices = tensor({rois});
      tensor_upload(r->image_indices.get(), image_indices.data(), rois);
      r->y = tensor(y, step.type);
      return r;
    };
    add("roi_align " + text(y), 0, 5 * maps(y), [=] {
      const auto r = make();
      return [=] {
        roi_align(r->y.get(), r->levels[0].get(), r->levels[1].get(), r->levels[2].get(), r->levels[3].get(),
                  r->boxes.get(), r->image_indices.get(), h, w);
      };
    });
    add("roi_align_grad " + text(y), 0, 9 * maps(y), [=] {
      const auto r = make();
      return [=] {
        roi_align_grad(r->levels[0].get(), r->levels[1].get(), r->levels[2].get(), r->levels[3].get(), r->y.get(),
                       r->boxes.get(), r->image_indices.get(), h, w);
      };
    });
  }

  void losses(int64_t rois, int64_t positive) {
    const Shape logits{rois, 47}, masks{positive, 28, 28};
    add("softmax_cross_entropy " + text(logits), 0, 8.0 * count(logits), [=] {
      const Held x = tensor(logits), dx = tensor(logits), loss = tensor({1}), labels = constant({rois}, Type::f32, 1);
      return [=] { softmax_cross_entropy(loss.get(), dx.get(), x.get(), labels.get()); };
    });
    add("mask_loss " + text(masks), 0, 12.0 * count(masks), [=] {
      const Held x = tensor(masks), dx = tensor(masks), target = constant(masks, Type::f32, 1), loss = tensor({1}),
                 classes = constant({positive}, Type::f32, 1);
      return [=] { mask_loss(loss.get(), dx.get(), x.get(), target.get(), classes.get()); };
    });
  }

  Step step_;
  int64_t size_;
  std::vector<Row> rows_;
};

}  // namespace

std::vector<Row> rows_of(const Step& step) {
  Rows rows(step);
  rows.backbone();
  rows.pyramid();
  rows.heads();
  rows.maps_only();
  rows.parameters();
  rows.small_launches();
  return rows.take();
}

}  // namespace selvage::bench

// PyramidROIAlign: crop_and_resize (He et al. 2017, section 3, one bilinear sample a cell) from the level that fits the
// region's size (Lin et al. 2017, equation 1).
#include <vector>

#include "cpu/common/bilinear.h"
#include "cpu/common/convert.h"
#include "cpu/common/floats.h"
#include "cpu/common/parallel.h"
#include "cpu/common/whole_numbers.h"
#include "ops.h"

namespace selvage::cpu {
namespace {

struct Regions {
  const float* boxes;
  std::vector<int32_t> image_indices;
  int64_t count, side, channels;
  std::vector<int> level;  // 0..3 for P2..P5
};

int level_of(const float* box, double image_area) {
  const double area = (static_cast<double>(box[2]) - box[0]) * (static_cast<double>(box[3]) - box[1]);
  const double k = std::nearbyint(std::log2(std::sqrt(area) / (224.0 / std::sqrt(image_area))));  // half to even
  if (std::isnan(k)) return 2;  // a negative area: as the reference, level 4
  return static_cast<int>(std::min(std::max(k, -2.0), 1.0)) + 2;
}

Regions regions(const Tensor* y, const Tensor* boxes, const Tensor* image_indices, float image_height,
                float image_width) {
  Regions r{boxes->data(), whole_numbers(image_indices), y->dim(0), y->dim(1), y->dim(3), std::vector<int>(y->dim(0))};
  for (int64_t i = 0; i < r.count; ++i) {
    r.level[i] = level_of(r.boxes + 4 * i, static_cast<double>(image_height) * image_width);
  }
  return r;
}

// body(cell offset in y, row sample, column sample) for the cells of region i that lie on a map of h x w, and
// outside(cell offset) for the others.
template <typename Body, typename Outside>
void for_cells(const Regions& r, int64_t i, int64_t h, int64_t w, const Body& body, const Outside& outside) {
  const float* box = r.boxes + 4 * i;
  std::vector<Sample> columns(r.side);
  for (int64_t cx = 0; cx < r.side; ++cx) columns[cx] = sample(box[1], box[3], w, cx, r.side);
  for (int64_t cy = 0; cy < r.side; ++cy) {
    const Sample row = sample(box[0], box[2], h, cy, r.side);
    for (int64_t cx = 0; cx < r.side; ++cx) {
      const int64_t at = ((i * r.side + cy) * r.side + cx) * r.channels;
      if (row.inside && columns[cx].inside) {
        body(at, row, columns[cx]);
      } else {
        outside(at);
      }
    }
  }
}

// Adds `width` channels of region i's gradient, as rows of r.channels, into a map of rows of map_width floats.
void scatter(const Regions& r, int64_t i, const float* dy, float* map, int64_t h, int64_t w, int64_t map_width,
             int64_t width) {
  const auto add = [&](int64_t at, const Sample& row, const Sample& column) {
    const float* g = dy + at;
    float* a = map + (row.low * w + column.low) * map_width;
    float* b = map + (row.low * w + column.high) * map_width;
    float* c = map + (row.high * w + column.low) * map_width;
    float* d = map + (row.high * w + column.high) * map_width;
    const float down = row.share, right = column.share;
    for (int64_t k = 0; k < width; ++k) {  // a and b, or a and c, may be the same place
      const float g00 = g[k] * (1 - down) * (1 - right), g01 = g[k] * (1 - down) * right;
      const float g10 = g[k] * down * (1 - right), g11 = g[k] * down * right;
      a[k] += g00;
      b[k] += g01;
      c[k] += g10;
      d[k] += g11;
    }
  };
  for_cells(r, i, h, w, add, [](int64_t) {});
}

// Many regions add to the same place, so that a map of a short type would swallow the last of them: they are added up
// as floats first, a level and an image at a time.
void scatter_short(const Regions& r, Tensor* const (&levels)[4], const float* dy, int64_t begin, int64_t end) {
  const int64_t images = levels[0]->dim(0), width = end - begin;
  std::vector<float> sums;
  for (int l = 0; l < 4; ++l) {
    const int64_t h = levels[l]->dim(1), w = levels[l]->dim(2);
    Writer writer(levels[l], width);
    for (int64_t image = 0; image < images; ++image) {
      sums.assign(h * w * width, 0.0f);
      bool any = false;
      for (int64_t i = 0; i < r.count; ++i) {
        if (r.level[i] != l || r.image_indices[i] != image) continue;
        scatter(r, i, dy + begin, sums.data(), h, w, width, width);
        any = true;
      }
      for (int64_t cell = 0; any && cell < h * w; ++cell) {
        float* to = writer.edit((image * h * w + cell) * r.channels + begin, width);
        for (int64_t k = 0; k < width; ++k) to[k] += sums[cell * width + k];
        writer.done();
      }
    }
  }
}

}  // namespace

void roi_align(Tensor* y, const Tensor* p2, const Tensor* p3, const Tensor* p4, const Tensor* p5, const Tensor* boxes,
               const Tensor* image_indices, float image_height, float image_width) {
  const Tensor* const levels[4] = {p2, p3, p4, p5};
  const Regions r = regions(y, boxes, image_indices, image_height, image_width);
  parallel_for(r.count, 4, [&](int64_t begin, int64_t end) {
    Writer writer(y, r.channels);
    for (int64_t i = begin; i < end; ++i) {
      const Tensor* p = levels[r.level[i]];
      const int64_t h = p->dim(1), w = p->dim(2), n = r.channels;
      if (r.image_indices[i] < 0) {
        for (int64_t cell = i * r.side * r.side; cell < (i + 1) * r.side * r.side; ++cell) {
          std::fill_n(writer.begin(cell * n, n), n, 0.0f);
          writer.done();
        }
        continue;
      }
      const int64_t map = r.image_indices[i] * h * w * n;
      Reader corners[4] = {Reader(p, n), Reader(p, n), Reader(p, n), Reader(p, n)};
      const auto interpolate = [&](int64_t at, const Sample& row, const Sample& column) {
        float* to = writer.begin(at, n);
        const float* a = corners[0].at(map + (row.low * w + column.low) * n, n);
        const float* b = corners[1].at(map + (row.low * w + column.high) * n, n);
        const float* c = corners[2].at(map + (row.high * w + column.low) * n, n);
        const float* d = corners[3].at(map + (row.high * w + column.high) * n, n);
        const float down = row.share, right = column.share;
        for (int64_t k = 0; k < n; ++k) {
          const float top = a[k] * (1 - right) + b[k] * right, bottom = c[k] * (1 - right) + d[k] * right;
          to[k] = top * (1 - down) + bottom * down;
        }
        writer.done();
      };
      for_cells(r, i, h, w, interpolate, [&](int64_t at) {
        std::fill_n(writer.begin(at, n), n, 0.0f);
        writer.done();
      });
    }
  });
}

void roi_align_grad(Tensor* dp2, Tensor* dp3, Tensor* dp4, Tensor* dp5, const Tensor* dy, const Tensor* boxes,
                    const Tensor* image_indices, float image_height, float image_width) {
  Tensor* const levels[4] = {dp2, dp3, dp4, dp5};
  const Regions r = regions(dy, boxes, image_indices, image_height, image_width);
  Scratch floats(dy->type() == Type::f32 ? 0 : dy->size());
  if (dy->type() != Type::f32) convert(floats.data(), Type::f32, dy->as<void>(), dy->type(), dy->size());
  const float* gradients = dy->type() == Type::f32 ? dy->data() : floats.data();
  // Regions overlap, so threads divide the channels: the order of additions, and the result, stay the same.
  parallel_for(r.channels, 16, [&](int64_t begin, int64_t end) {
    if (dy->type() != Type::f32) return scatter_short(r, levels, gradients, begin, end);
    for (int64_t i = 0; i < r.count; ++i) {
      if (r.image_indices[i] < 0) continue;
      Tensor* p = levels[r.level[i]];
      const int64_t h = p->dim(1), w = p->dim(2), n = r.channels;
      scatter(r, i, gradients + begin, p->data() + r.image_indices[i] * h * w * n + begin, h, w, n, end - begin);
    }
  });
}

}  // namespace selvage::cpu

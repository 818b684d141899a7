// The 3x3 patches around single cells of a map: what the sparse backward pass of the RPN touches.
#include <cstring>

#include "cpu/common/floats.h"
#include "cpu/common/parallel.h"
#include "ops.h"

namespace selvage::cpu {
namespace {

// body(offset in the row of y, offset in x or -1 outside the map) for the nine taps of patch i.
template <typename Body>
void for_taps(const Tensor* x, int64_t position, const Body& body) {
  const int64_t h = x->dim(1), w = x->dim(2), channels = x->dim(3);
  const int64_t line = position / w, column = position % w, row = line % h;
  for (int64_t ky = 0; ky < 3; ++ky) {
    for (int64_t kx = 0; kx < 3; ++kx) {
      const int64_t iy = row + ky - 1, ix = column + kx - 1;
      const bool inside = iy >= 0 && iy < h && ix >= 0 && ix < w;
      body((ky * 3 + kx) * channels, inside ? ((line + ky - 1) * w + ix) * channels : -1);
    }
  }
}

}  // namespace

void gather_patches(Tensor* y, const Tensor* x, const int32_t* positions, int64_t count) {
  const int64_t channels = x->dim(3), size = bytes_of(x->type());
  parallel_for(count, kGrain / (9 * channels) + 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      if (positions[i] < 0) continue;
      char* row = y->as<char>() + i * 9 * channels * size;
      for_taps(x, positions[i], [&](int64_t to, int64_t from) {
        if (from < 0) {
          std::memset(row + to * size, 0, channels * size);
        } else {
          std::memcpy(row + to * size, x->as<char>() + from * size, channels * size);
        }
      });
    }
  });
}

void scatter_add_patches(Tensor* dx, const Tensor* dy, const int32_t* positions, int64_t count) {
  const int64_t channels = dx->dim(3);
  Reader reader(dy, 9 * channels);
  Writer writer(dx, channels);
  for (int64_t i = 0; i < count; ++i) {  // patches overlap, so in order
    if (positions[i] < 0) continue;
    const float* row = reader.at(i * 9 * channels, 9 * channels);
    for_taps(dx, positions[i], [&](int64_t from, int64_t to) {
      if (to < 0) return;
      float* sum = writer.edit(to, channels);
      for (int64_t c = 0; c < channels; ++c) sum[c] += row[from + c];
      writer.done();
    });
  }
}

}  // namespace selvage::cpu

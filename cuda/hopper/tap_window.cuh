// Where the taps of a grid's rows lie, as TMA's im2col mode wants it: a base for each row, from which all taps lie to
// the right and below.
#pragma once

#include "gemm/gather_gemm.cuh"

namespace selvage::cuda {

struct TapWindow {
  int low_y, low_x;  // the base of the first row

  __host__ __device__ explicit TapWindow(const GatherGrid& g)
      : low_y(lowest(g.first_y, g.direction, g.taps_y)), low_x(lowest(g.first_x, g.direction, g.taps_x)) {}

  // How far a tap lies from the base, along an axis.
  static __host__ __device__ int offset(const GatherGrid& g, int tap, int taps) {
    return g.direction > 0 ? tap : taps - 1 - tap;
  }

  // The corners of the box that the bases lie in, as offsets from the source's.
  struct Corners {
    int lower[2], upper[2];  // (x, y)
  };
  Corners corners(const GatherGrid& g) const {
    return {{low_x, low_y},
            {low_x + (g.rows_w - 1) * g.step + 1 - g.source_w, low_y + (g.rows_h - 1) * g.step + 1 - g.source_h}};
  }

  // Whether TMA takes these numbers.
  bool fits(const GatherGrid& g) const {
    const Corners c = corners(g);
    for (const int corner : {c.lower[0], c.lower[1], c.upper[0], c.upper[1]}) {
      if (corner < -128 || corner > 127) return false;
    }
    return g.step <= 8 && g.taps_x <= 256 && g.taps_y <= 256 && g.source_h > 0 && g.source_w > 0;
  }

 private:
  static __host__ __device__ int lowest(int first, int direction, int taps) {
    return direction > 0 ? first : first - (taps - 1);
  }
};

}  // namespace selvage::cuda

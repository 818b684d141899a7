// Implicit GEMM over gathered pixels; gather_gemm.cu says how.
#pragma once

#include "gemm/pipeline.cuh"
#include "gemm/precision.h"

namespace selvage::cuda {

// Which pixels the rows of y are, and where each finds its sources.
struct GatherGrid {
  int n, source_h, source_w, channels;  // channels padded
  int rows_h, rows_w;                   // rows: n rows_h rows_w
  int step;                             // a row's source pixel: row * step + first + tap * direction, along each axis
  int first_y, first_x, direction;
  int taps_y, taps_x;
  int out_h, out_w, out_step, out_y, out_x;  // a row's pixel of y: row * out_step + (out_y, out_x)
  // How far a slice goes: along the depth, and along the rows, where these are the inner axis. set_slice().
  int taps_of_slice, channels_of_slice, images_of_slice, lines_of_slice, columns_of_slice;
  unsigned tap_factor;  // 2^24 / taps_x, rounded up

  __host__ __device__ int rows() const { return n * rows_h * rows_w; }
  __host__ __device__ int depth() const { return taps_y * taps_x * channels; }

  // tap / taps_x by a product and a shift: exact as long as tap * taps_x is below 2^24.
  __host__ __device__ int tap_line(int tap) const {
    return static_cast<int>(static_cast<uint64_t>(static_cast<unsigned>(tap)) * tap_factor >> 24);
  }
  void set_slice(int slice) {
    taps_of_slice = channels == 0 ? 0 : slice / channels;
    channels_of_slice = channels == 0 ? 0 : slice % channels;
    lines_of_slice = slice / rows_w % rows_h;
    images_of_slice = slice / rows_w / rows_h;
    columns_of_slice = slice % rows_w;
    tap_factor = taps_x == 0 ? 0 : ((1u << 24) + taps_x - 1) / taps_x;
    if (static_cast<int64_t>(taps_y) * taps_x * taps_x >= 1 << 23)
      throw Error(ErrorKind::unsupported, "convolve: a kernel of " + std::to_string(taps_y) + "x" +
                                              std::to_string(taps_x) + " is too large for the GPU");
  }
};

struct Epilogue {
  void* y;
  const float* bias;     // may be null
  const void* residual;  // of y's type; may be null
  const void* mask;      // of y's type; y is 0 where it is not positive; may be null
  int columns;           // of y, not padded
  bool relu, y_is_float;
  int16_t width;  // elements of y written at a time: 16 bytes of them where columns and addresses allow, else 1
};
static_assert(std::has_unique_object_representations_v<Epilogue>);  // launches.h compares bytes

// Blocks that a launch should have before it takes a larger tile: two for each multiprocessor of an H100, so that the
// choice is the same on all GPUs. Tests lower it to reach the larger tiles.
extern int wanted_blocks;

// Divides the inner axis of a product into parts where a product has too few `blocks` (split-K). A part has at least
// eight steps; with fewer, writing and adding its sums would cost more than its products.
struct SplitK {
  int steps, count;  // of a part; how many
  SplitK(int all_steps, int blocks) {
    const int most = all_steps / 8, wanted = wanted_blocks / blocks < most ? wanted_blocks / blocks : most;
    steps = tiles(all_steps, wanted > 1 ? wanted : 1);
    count = steps == 0 ? 1 : tiles(all_steps, steps);
  }
};

// y from the sums of the `count` parts of a divided product, [count,rows,columns], added in order.
template <typename T>
void finish_parts(const GatherGrid& grid, const float* parts, int count, const Epilogue& epilogue);

// Launches the product with the tile that suits it.
template <class Math>
void launch_gather_gemm(GatherGrid grid, const typename Math::Element* source, const typename Math::Element* weights,
                        int weight_columns, const Epilogue& epilogue);

}  // namespace selvage::cuda

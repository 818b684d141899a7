// Times of ops on the selected device, at the shapes of a training step of ResNet-50 with FPN.
//
// A row's time is the median of several samples of as many calls as take some milliseconds, the device's queue emptied
// after each sample. Work is that of the products which are really done, transforms apart, where multiply-adds count
// two; bytes are the least that the op can do with: each operand is read or written once. The roofline time is the
// larger of work / the device's peak and bytes / its bandwidth. The peak is the data sheet's where the device is in a
// list here, for products of the maps' type, else the rate of a large matrix product; the bandwidth is that of a large
// copy; the product and the copy are measured in the same run. Where cuDNN is loaded, convolutions are timed a second
// time by it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tensor.h"

namespace selvage::bench {

using Body = std::function<void()>;

struct Row {
  std::string name;               // op and shapes
  double flops, bytes;            // of one call
  int calls;                      // of a step
  bool by_either;                 // a convolution that cuDNN can compute as well
  std::function<Body()> prepare;  // allocates; the body owns its tensors
};

struct Step {
  int images, height, width;
  Type type;  // of the maps
};

std::vector<Row> rows_of(const Step& step);

// The shortest time of a row, in seconds, by rates a second.
inline double roofline_seconds(const Row& row, double flops, double bytes) {
  return std::max(row.flops / flops, row.bytes / bytes);
}

// What a GPU's maker says of it.
struct DataSheet {
  const char* name;  // part of the driver's name of the GPU
  double half, f32;  // TFLOP/s: bf16 or f16 on tensor cores, dense, added in float32; float32
  double bandwidth;  // GB/s
};
const DataSheet* data_sheet(const char* gpu);  // null where the GPU is not in the list

double median_seconds(const Body& body);

// The most that the selected device can do.
struct Rates {
  double flops;              // a second
  const char* flops_source;  // "data sheet" or "a matrix product"
  double bytes;              // a second, read and written
};
Rates measure_device(Type type);

}  // namespace selvage::bench

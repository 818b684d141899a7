// With `automatic` the first convolution of a shape is computed by both engines, several times, and the faster one
// computes those that follow. The number of maps is rounded up to a power of two for this, since the number of regions
// differs from step to step.
//
// A shape that cuDNN has no product for is computed by the built-in kernels. This is decided for each number of maps by
// itself, so that a result does not depend on what was computed before, but said once for all numbers.
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "cudnn/convolution_engine.h"
#include "cudnn/cudnn_library.h"
#include "gemm/precision.h"

namespace selvage::cuda {
namespace {

constexpr int kTimes = 5;

Convolutions engine = Convolutions::builtin;

using Key = std::tuple<ConvPass, Type, Precision, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t,
                       int64_t, int64_t>;
std::map<Key, bool> cudnn_is_faster;
std::set<Key> cudnn_lacks;  // with the exact number of maps
std::set<Key> said;         // with 0 maps

Key key_of(ConvPass pass, Type type, int64_t maps, const ConvShape& s) {
  return {pass, type, float_precision(), maps, s.h, s.w, s.in, s.out, s.kh, s.kw, s.stride, s.pad};
}

int64_t power_of_two(int64_t count) {
  int64_t power = 1;
  while (power < count) power *= 2;
  return power;
}

bool fits_cudnn(const ConvShape& s, const Tensor* a, const Tensor* b) {
  const bool empty = s.out_rows() * s.in * s.out == 0;
  const bool one_type = a->type() == b->type();
  const bool rounded =
      a->type() == Type::f32 && float_precision() != Precision::f32 && float_precision() != Precision::tf32;
  const uintptr_t addresses = reinterpret_cast<uintptr_t>(a->as<char>()) | reinterpret_cast<uintptr_t>(b->as<char>());
  return !empty && one_type && !rounded && addresses % 16 == 0;
}

// Of the device. The least of several: the first ones also load code.
float milliseconds(const std::function<void()>& body) {
  static const cudaEvent_t begin = new_timed_event(), end = new_timed_event();
  float least = INFINITY;
  for (int i = 0; i < kTimes; ++i) {
    check_cuda(cudaEventRecord(begin, stream()), "convolution");
    body();
    check_cuda(cudaEventRecord(end, stream()), "convolution");
    synchronise();
    float taken = 0;
    check_cuda(cudaEventElapsedTime(&taken, begin, end), "convolution");
    least = std::min(least, taken);
  }
  return least;
}

// With the shapes as the op's user sees them: maps [N,H,W,C] and weights [KH,KW,I,O].
void say_once(ConvPass pass, Type type, const ConvShape& s, const char* why) {
  if (!said.insert(key_of(pass, type, 0, s)).second) return;
  const char* const names[] = {"conv_block", "conv_data_grad", "conv_weight_grad"};
  const auto shape = [](int64_t a, int64_t b, int64_t c, int64_t d) {
    return "[" + std::to_string(a) + "," + std::to_string(b) + "," + std::to_string(c) + "," + std::to_string(d) + "]";
  };
  dprintf(  // C's stderr may be silent, see prepare_opencv()
      STDERR_FILENO,
      "selvage: cuDNN has no %s of %s maps %s by weights %s with stride %d and padding %d; the built-in kernels "
      "compute it (%s)\n",
      names[static_cast<int>(pass)], name_of(type), shape(s.n, s.h, s.w, s.in).c_str(),
      shape(s.kh, s.kw, s.in, s.out).c_str(), static_cast<int>(s.stride), static_cast<int>(s.pad), why);
}

// Afterwards both have computed the outputs.
bool is_faster(const std::function<void()>& cudnn, const std::function<void()>& builtin) {
  try {
    const float by_cudnn = milliseconds(cudnn);
    return by_cudnn < milliseconds(builtin);
  } catch (const CudnnLacks&) {
    return false;
  }
}

}  // namespace

bool set_convolutions(Convolutions chosen) {
  if (chosen != Convolutions::builtin && !has_cudnn()) return false;
  engine = chosen;
  return true;
}

void by_engine(ConvPass pass, const ConvShape& s, const Tensor* a, const Tensor* b,
               const std::function<void()>& builtin, const std::function<void()>& cudnn) {
  if (engine == Convolutions::builtin || !fits_cudnn(s, a, b)) return builtin();
  if (engine == Convolutions::only_cudnn) return cudnn();
  if (engine == Convolutions::automatic) {
    const Key key = key_of(pass, a->type(), power_of_two(s.n), s);
    auto found = cudnn_is_faster.find(key);
    if (found == cudnn_is_faster.end()) found = cudnn_is_faster.emplace(key, is_faster(cudnn, builtin)).first;
    if (!found->second) return builtin();
  }
  const Key key = key_of(pass, a->type(), s.n, s);
  if (cudnn_lacks.count(key) > 0) return builtin();
  try {
    cudnn();
  } catch (const CudnnLacks& e) {  // nothing has been written
    cudnn_lacks.insert(key);
    say_once(pass, a->type(), s, e.what());
    builtin();
  }
}

}  // namespace selvage::cuda

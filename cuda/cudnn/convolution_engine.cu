// With `automatic` the first convolution of a shape is computed by both engines, several times, and the faster one
// computes those that follow. The number of maps is rounded up to a power of two for this, since the number of regions
// differs from step to step.
#include <chrono>
#include <map>
#include <tuple>

#include "cudnn/convolution_engine.h"
#include "cudnn/cudnn_library.h"
#include "gemm/precision.h"

namespace selvage::cuda {
namespace {

constexpr int kTimes = 3;

Convolutions engine = Convolutions::builtin;

using Key = std::tuple<ConvPass, Type, Precision, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t,
                       int64_t, int64_t>;
std::map<Key, bool> cudnn_is_faster;

int64_t power_of_two(int64_t count) {
  int64_t power = 1;
  while (power < count) power *= 2;
  return power;
}

bool cudnn_has(const ConvShape& s, const Tensor* a, const Tensor* b) {
  const bool empty = s.out_rows() * s.in * s.out == 0;
  const bool one_type = a->type() == b->type();
  const bool rounded =
      a->type() == Type::f32 && float_precision() != Precision::f32 && float_precision() != Precision::tf32;
  const uintptr_t addresses = reinterpret_cast<uintptr_t>(a->as<char>()) | reinterpret_cast<uintptr_t>(b->as<char>());
  return !empty && one_type && !rounded && addresses % 16 == 0;
}

double seconds(const std::function<void()>& body) {
  body();
  synchronise();
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < kTimes; ++i) body();
  synchronise();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// Afterwards both have computed the outputs.
bool is_faster(const std::function<void()>& cudnn, const std::function<void()>& builtin) {
  try {
    const double by_cudnn = seconds(cudnn);
    return by_cudnn < seconds(builtin);
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
  bool by_cudnn = engine != Convolutions::builtin && cudnn_has(s, a, b);
  if (by_cudnn && engine == Convolutions::automatic) {
    const Key key{pass,     a->type(), float_precision(), power_of_two(s.n), s.h, s.w, s.in, s.out, s.kh, s.kw,
                  s.stride, s.pad};
    auto found = cudnn_is_faster.find(key);
    if (found == cudnn_is_faster.end()) found = cudnn_is_faster.emplace(key, is_faster(cudnn, builtin)).first;
    by_cudnn = found->second;
  }
  if (by_cudnn) {
    cudnn();
  } else {
    builtin();
  }
}

}  // namespace selvage::cuda

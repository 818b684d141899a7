// Convolutions by cuDNN's interface of single operations, in NHWC and with filters [O,KH,KW,I], sums in float32.
//
// - The weights [KH,KW,I,O], floats, are a matrix of kh kw in rows: it is transposed and rounded to the maps' type
//   before a product, and what comes out for a gradient of weights is transposed back. cuDNN writes that gradient in
//   the maps' type, so that bf16 maps leave it 8 significant bits where the built-in kernel's has float's.
// - Bias, residual and ReLU ride along where cuDNN has the product with them, the bias rounded to the maps' type;
//   elsewhere one more kernel follows, which reads and writes y once more.
// - Algorithms are those that cuDNN's own heuristics put first among the deterministic ones that need no more than
//   kMostWorkspace. It answers once a shape.
#include <map>
#include <set>
#include <tuple>

#include "cudnn/cudnn_convolution.h"
#include "cudnn/cudnn_library.h"
#include "gemm/pack.cuh"
#include "gemm/precision.h"

namespace selvage::cuda {
namespace {

constexpr size_t kMostWorkspace = size_t{512} << 20;  // of what the smallest GPUs have, some tenth
constexpr int kMostAlgorithms = 16;                   // more than cuDNN has for any pass
const float kOne = 1, kZero = 0;

enum class Pass { forward, forward_with_bias, forward_with_bias_relu, data_grad, weight_grad };

int cudnn_type(Type type) {
  return type == Type::f32 ? CUDNN_DATA_FLOAT : type == Type::bf16 ? CUDNN_DATA_BFLOAT16 : CUDNN_DATA_HALF;
}
int math_of(Type type) {
  if (type != Type::f32) return CUDNN_TENSOR_OP_MATH;
  return float_precision() == Precision::tf32 ? CUDNN_DEFAULT_MATH : CUDNN_FMA_MATH;
}

// What cuDNN is told of a tensor, a filter, ..., for the length of one call.
template <typename Descriptor>
class Described {
 public:
  template <typename Create, typename Set, typename... Arguments>
  Described(Create create, int (*destroy)(Descriptor), const char* what, Set set, Arguments... arguments)
      : destroy_(destroy) {
    check_cudnn(create(&descriptor_), what);
    const int status = set(descriptor_, arguments...);
    if (status != CUDNN_STATUS_SUCCESS) destroy_(descriptor_);
    check_cudnn(status, what);
  }
  ~Described() { destroy_(descriptor_); }
  Described(const Described&) = delete;
  Described& operator=(const Described&) = delete;
  operator Descriptor() const { return descriptor_; }

 private:
  int (*destroy_)(Descriptor);
  Descriptor descriptor_ = nullptr;
};

struct Maps : Described<cudnnTensorDescriptor_t> {
  Maps(Type type, int64_t n, int64_t h, int64_t w, int64_t channels)
      : Described(cudnn().CreateTensorDescriptor, cudnn().DestroyTensorDescriptor, "cudnnSetTensor4dDescriptor",
                  cudnn().SetTensor4dDescriptor, CUDNN_TENSOR_NHWC, cudnn_type(type), static_cast<int>(n),
                  static_cast<int>(channels), static_cast<int>(h), static_cast<int>(w)) {}
};

struct Filter : Described<cudnnFilterDescriptor_t> {
  Filter(Type type, const ConvShape& s)
      : Described(cudnn().CreateFilterDescriptor, cudnn().DestroyFilterDescriptor, "cudnnSetFilter4dDescriptor",
                  cudnn().SetFilter4dDescriptor, cudnn_type(type), CUDNN_TENSOR_NHWC, static_cast<int>(s.out),
                  static_cast<int>(s.in), static_cast<int>(s.kh), static_cast<int>(s.kw)) {}
};

struct Window : Described<cudnnConvolutionDescriptor_t> {
  Window(Type type, const ConvShape& s)
      : Described(cudnn().CreateConvolutionDescriptor, cudnn().DestroyConvolutionDescriptor,
                  "cudnnSetConvolution2dDescriptor", cudnn().SetConvolution2dDescriptor, static_cast<int>(s.pad),
                  static_cast<int>(s.pad), static_cast<int>(s.stride), static_cast<int>(s.stride), 1, 1,
                  CUDNN_CROSS_CORRELATION, CUDNN_DATA_FLOAT) {
    check_cudnn(cudnn().SetConvolutionMathType(*this, math_of(type)), "cudnnSetConvolutionMathType");
  }
};

// Of all three passes: gradients have the shapes of what they are gradients of.
struct Shapes {
  Maps x, y;
  Filter w;
  Window window;
  Shapes(Type type, const ConvShape& s)
      : x(type, s.n, s.h, s.w, s.in), y(type, s.n, s.out_h(), s.out_w(), s.out), w(type, s), window(type, s) {}
};

struct Activation : Described<cudnnActivationDescriptor_t> {
  explicit Activation(bool relu)
      : Described(cudnn().CreateActivationDescriptor, cudnn().DestroyActivationDescriptor,
                  "cudnnSetActivationDescriptor", cudnn().SetActivationDescriptor,
                  relu ? CUDNN_ACTIVATION_RELU : CUDNN_ACTIVATION_IDENTITY, CUDNN_PROPAGATE_NAN, 0.0) {}
};

// ---- algorithms -----------------------------------------------------------------------------------------------------

struct Algorithm {
  int number;
  size_t workspace;
};

using Key =
    std::tuple<Pass, Type, int, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t>;
std::map<Key, Algorithm> known;
std::set<Key> without_bias;  // forward passes that cuDNN cannot add a bias in

Key key_of(Pass pass, Type type, const ConvShape& s) {
  return {pass, type, math_of(type), s.n, s.h, s.w, s.in, s.out, s.kh, s.kw, s.stride, s.pad};
}

// By list(most, &count, found), cuDNN's algorithms for the pass from the fastest on, and size(number, &bytes).
template <typename List, typename Size>
Algorithm algorithm(Pass pass, Type type, const ConvShape& s, const char* function, const List& list,
                    const Size& size) {
  const Key key = key_of(pass, type, s);
  const auto before = known.find(key);
  if (before != known.end()) return before->second;
  CudnnAlgorithm found[kMostAlgorithms];
  int count = 0;
  check_cudnn(list(kMostAlgorithms, &count, found), function);
  for (int i = 0; i < count; ++i) {
    if (found[i].status != CUDNN_STATUS_SUCCESS || found[i].determinism != CUDNN_DETERMINISTIC) continue;
    // The only one that adds a bias and has no ReLU after it.
    if (pass == Pass::forward_with_bias && found[i].algo != CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM) continue;
    size_t bytes = 0;
    if (size(found[i].algo, &bytes) != CUDNN_STATUS_SUCCESS || bytes > kMostWorkspace) continue;
    return known[key] = {found[i].algo, bytes};
  }
  throw CudnnLacks(std::string(function) + ": cuDNN has no deterministic algorithm for these " + name_of(type) +
                   " maps");
}

Algorithm forward_algorithm(Pass pass, Type type, const ConvShape& s, const Shapes& of) {
  return algorithm(
      pass, type, s, "cudnnGetConvolutionForwardAlgorithm_v7",
      [&](auto... found) {
        return cudnn().GetConvolutionForwardAlgorithm_v7(cudnn_handle(), of.x, of.w, of.window, of.y, found...);
      },
      [&](auto... found) {
        return cudnn().GetConvolutionForwardWorkspaceSize(cudnn_handle(), of.x, of.w, of.window, of.y, found...);
      });
}

// ---- what cuDNN leaves to us ----------------------------------------------------------------------------------------

// y = relu?(y + bias + residual), y [.,columns] of `count` elements. One thread an element; bytes: y twice and the
// residual once.
template <typename T>
__global__ void cudnn_epilogue(T* y, const float* bias, const T* residual, int64_t count, int columns, bool relu) {
  for (int64_t i = global_thread(); i < count; i += global_threads()) {
    float value = to_float(y[i]);
    if (bias != nullptr) value += bias[i % columns];
    if (residual != nullptr) value += to_float(residual[i]);
    y[i] = from_float<T>(relu && value < 0 ? 0.0f : value);
  }
}

// Weights [KH,KW,I,O] as a filter [O,KH,KW,I] of the maps' type.
template <typename T>
class FilterValues {
 public:
  FilterValues(const Tensor* w, const ConvShape& s) : values_(w->size()) {
    transpose(values_.data(), w->type(), w->as<void>(), s.kh * s.kw * s.in, s.out);
  }
  const T* data() { return values_.data(); }

 private:
  Workspace<T> values_;
};

// Returns false where cuDNN has no product with bias and activation.
template <typename T>
bool convolve_with_bias(Tensor* y, const Tensor* x, const T* w, const Tensor* b, const Tensor* residual,
                        const ConvShape& s, bool relu) {
  const Pass pass = relu ? Pass::forward_with_bias_relu : Pass::forward_with_bias;
  const Type type = x->type();
  const Key key = key_of(pass, type, s);
  if (without_bias.count(key) > 0) return false;
  const Shapes of(type, s);
  const Maps of_bias(type, 1, 1, 1, s.out);
  const Activation activation(relu);
  const PackedRows<T> bias(b, 1, s.out);
  const void* added = residual == nullptr ? y->as<void>() : residual->as<void>();
  try {
    const Algorithm a = forward_algorithm(pass, type, s, of);
    Workspace<char> workspace(static_cast<int64_t>(a.workspace));
    check_cudnn(cudnn().ConvolutionBiasActivationForward(cudnn_handle(), &kOne, of.x, x->as<void>(), of.w, w, of.window,
                                                         a.number, workspace.data(), a.workspace,
                                                         residual == nullptr ? &kZero : &kOne, of.y, added, of_bias,
                                                         bias.data(), activation, of.y, y->as<void>()),
                "cudnnConvolutionBiasActivationForward");
    return true;
  } catch (const CudnnLacks&) {
    without_bias.insert(key);
    return false;
  }
}

}  // namespace

void cudnn_convolve(Tensor* y, const Tensor* x, const Tensor* w, const Tensor* b, const Tensor* residual,
                    const ConvShape& s, bool relu) {
  with_type(x->type(), [&](auto element) {
    using T = decltype(element);
    FilterValues<T> weights(w, s);
    if (b != nullptr && convolve_with_bias(y, x, weights.data(), b, residual, s, relu)) return;
    const Shapes of(x->type(), s);
    const Algorithm a = forward_algorithm(Pass::forward, x->type(), s, of);
    Workspace<char> workspace(static_cast<int64_t>(a.workspace));
    check_cudnn(cudnn().ConvolutionForward(cudnn_handle(), &kOne, of.x, x->as<void>(), of.w, weights.data(), of.window,
                                           a.number, workspace.data(), a.workspace, &kZero, of.y, y->as<void>()),
                "cudnnConvolutionForward");
    if (b == nullptr && residual == nullptr && !relu) return;
    LAUNCH((cudnn_epilogue<T>), blocks_for(y->size()), kThreads, 0, y->as<T>(), b == nullptr ? nullptr : b->data(),
           residual == nullptr ? nullptr : residual->as<T>(), y->size(), static_cast<int>(s.out), relu);
  });
}

void cudnn_convolve_adjoint(Tensor* dx, const Tensor* dy, const Tensor* w, const ConvShape& s) {
  with_type(dy->type(), [&](auto element) {
    FilterValues<decltype(element)> weights(w, s);
    const Shapes of(dy->type(), s);
    const Algorithm a = algorithm(
        Pass::data_grad, dy->type(), s, "cudnnGetConvolutionBackwardDataAlgorithm_v7",
        [&](auto... found) {
          return cudnn().GetConvolutionBackwardDataAlgorithm_v7(cudnn_handle(), of.w, of.y, of.window, of.x, found...);
        },
        [&](auto... found) {
          return cudnn().GetConvolutionBackwardDataWorkspaceSize(cudnn_handle(), of.w, of.y, of.window, of.x, found...);
        });
    Workspace<char> workspace(static_cast<int64_t>(a.workspace));
    check_cudnn(
        cudnn().ConvolutionBackwardData(cudnn_handle(), &kOne, of.w, weights.data(), of.y, dy->as<void>(), of.window,
                                        a.number, workspace.data(), a.workspace, &kZero, of.x, dx->as<void>()),
        "cudnnConvolutionBackwardData");
  });
}

void cudnn_convolve_weights(Tensor* dw, const Tensor* x, const Tensor* dy, const ConvShape& s) {
  with_type(x->type(), [&](auto element) {
    Workspace<decltype(element)> gradient(dw->size());
    const Shapes of(x->type(), s);
    const Algorithm a = algorithm(
        Pass::weight_grad, x->type(), s, "cudnnGetConvolutionBackwardFilterAlgorithm_v7",
        [&](auto... found) {
          return cudnn().GetConvolutionBackwardFilterAlgorithm_v7(cudnn_handle(), of.x, of.y, of.window, of.w,
                                                                  found...);
        },
        [&](auto... found) {
          return cudnn().GetConvolutionBackwardFilterWorkspaceSize(cudnn_handle(), of.x, of.y, of.window, of.w,
                                                                   found...);
        });
    Workspace<char> workspace(static_cast<int64_t>(a.workspace));
    check_cudnn(
        cudnn().ConvolutionBackwardFilter(cudnn_handle(), &kOne, of.x, x->as<void>(), of.y, dy->as<void>(), of.window,
                                          a.number, workspace.data(), a.workspace, &kZero, of.w, gradient.data()),
        "cudnnConvolutionBackwardFilter");
    transpose(dw->data(), x->type(), gradient.data(), s.out, s.kh * s.kw * s.in);
  });
}

}  // namespace selvage::cuda

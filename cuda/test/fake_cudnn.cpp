// A libcudnn.so.9 that computes on the CPU what its descriptors say, for the simulated GPU. It refuses what cuDNN
// refuses, and lists algorithms that must not be taken before those that may. Environment variables, read at each call:
//   FAKE_CUDNN_VERSION=N    its version (91900)
//   FAKE_CUDNN_FAILS=NAME   that function fails
//   FAKE_CUDNN_LACKS=NAME   that function says that it does not support what it is asked
//   FAKE_CUDNN_SLOWNESS=MS  so much longer takes each product, as events see it
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "cudnn/cudnn_api.h"
#include "simt/types.h"

#define CUDNN __attribute__((visibility("default")))

struct cudnnContext {
  cudaStream_t stream = nullptr;
};
struct cudnnTensorStruct {
  int type = -1, n = 0, c = 0, h = 0, w = 0;
};
struct cudnnFilterStruct {
  int type = -1, k = 0, c = 0, h = 0, w = 0;
};
struct cudnnConvolutionStruct {
  int pad_h = 0, pad_w = 0, stride_h = 0, stride_w = 0, math = CUDNN_DEFAULT_MATH;
};
struct cudnnActivationStruct {
  int mode = -1;
};

namespace {

constexpr int kBadParameter = 2000, kBadAlignment = 2003, kTooLittleMemory = 2006, kFailed = 5000;
constexpr size_t kHuge = size_t{1} << 40;

int products = 0;

int planted(const char* function) {
  const auto is = [&](const char* variable) {
    const char* named = std::getenv(variable);
    return named != nullptr && std::strcmp(named, function) == 0;
  };
  return is("FAKE_CUDNN_FAILS") ? kFailed : is("FAKE_CUDNN_LACKS") ? CUDNN_STATUS_NOT_SUPPORTED : CUDNN_STATUS_SUCCESS;
}

template <typename Made>
int create(Made** made) {
  *made = new Made;
  return CUDNN_STATUS_SUCCESS;
}
template <typename Made>
int destroy(Made* made) {
  delete made;
  return CUDNN_STATUS_SUCCESS;
}

// ---- products -------------------------------------------------------------------------------------------------------

struct Problem {
  cudnnTensorStruct x, y;
  cudnnFilterStruct w;
  cudnnConvolutionStruct conv;

  int64_t x_size() const { return int64_t{1} * x.n * x.h * x.w * x.c; }
  int64_t y_size() const { return int64_t{1} * y.n * y.h * y.w * y.c; }
  int64_t w_size() const { return int64_t{1} * w.k * w.h * w.w * w.c; }

  bool fits() const {
    return x.type >= 0 && x.type == w.type && x.type == y.type && x.c == w.c && y.c == w.k && x.n == y.n &&
           conv.stride_h > 0 && y.h == (x.h + 2 * conv.pad_h - w.h) / conv.stride_h + 1 &&
           y.w == (x.w + 2 * conv.pad_w - w.w) / conv.stride_w + 1 && x_size() > 0 && y_size() > 0;
  }

  // each(x, w, y) with the places of every product: maps [N,H,W,C], filters [K,H,W,C]
  template <typename Each>
  void visit(const Each& each) const {
    for (int64_t at = 0; at < y_size(); ++at) {
      const int64_t k = at % y.c, ox = at / y.c % y.w, oy = at / y.c / y.w % y.h, n = at / y.c / y.w / y.h;
      for (int64_t tap = 0; tap < int64_t{1} * w.h * w.w; ++tap) {
        const int64_t iy = oy * conv.stride_h - conv.pad_h + tap / w.w,
                      ix = ox * conv.stride_w - conv.pad_w + tap % w.w;
        if (iy < 0 || iy >= x.h || ix < 0 || ix >= x.w) continue;
        for (int64_t c = 0; c < x.c; ++c)
          each(((n * x.h + iy) * x.w + ix) * x.c + c, (k * w.h * w.w + tap) * w.c + c, at);
      }
    }
  }
};

float tf32(float value) {
  const uint32_t bits = simt::bits_of(value);
  return simt::float_of((bits + 0xfff + (bits >> 13 & 1)) & ~0x1fffu);
}

float read(const void* values, int type, int64_t at) {
  if (type == CUDNN_DATA_FLOAT) return static_cast<const float*>(values)[at];
  if (type == CUDNN_DATA_HALF) return __half2float(static_cast<const __half*>(values)[at]);
  return __bfloat162float(static_cast<const __nv_bfloat16*>(values)[at]);
}

void write(void* values, int type, int64_t at, float value) {
  if (type == CUDNN_DATA_FLOAT) {
    static_cast<float*>(values)[at] = value;
  } else if (type == CUDNN_DATA_HALF) {
    static_cast<__half*>(values)[at] = __float2half(value);
  } else {
    static_cast<__nv_bfloat16*>(values)[at] = __float2bfloat16(value);
  }
}

// What a product reads: floats by multiply-adds only where the descriptor forbids tensor cores.
std::vector<float> factors(const Problem& p, const void* values, int64_t count) {
  std::vector<float> read_values(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) {
    const float value = read(values, p.x.type, i);
    read_values[static_cast<size_t>(i)] =
        p.x.type == CUDNN_DATA_FLOAT && p.conv.math != CUDNN_FMA_MATH ? tf32(value) : value;
  }
  return read_values;
}

// In the stream's turn, as the shim's own operations run.
void enqueue(cudaStream_t stream, std::function<void()> operation) {
  ++stream->enqueued;
  if (stream->late) {
    stream->waiting.push_back({std::move(operation)});
  } else {
    ++stream->begun;
    operation();
  }
}

size_t workspace_of(const Problem& p, int algorithm) {
  return algorithm == 1 ? static_cast<size_t>(p.y_size() % 1000 + 1) : 0;
}

int run(const char* function, cudnnHandle_t handle, const Problem& p, int algorithm, bool allowed, void* workspace,
        size_t bytes, std::initializer_list<const void*> addresses, const std::function<void()>& product) {
  const int fault = planted(function);
  if (fault != CUDNN_STATUS_SUCCESS) return fault;
  if (handle == nullptr || handle->stream == nullptr || !p.fits() || !allowed) return kBadParameter;
  for (const void* address : addresses) {
    if (address == nullptr || reinterpret_cast<uintptr_t>(address) % 16 != 0) return kBadAlignment;
  }
  if (bytes < workspace_of(p, algorithm)) return kTooLittleMemory;
  ++products;
  const char* slowness = std::getenv("FAKE_CUDNN_SLOWNESS");
  const double milliseconds = slowness == nullptr ? 0 : std::atof(slowness);
  enqueue(handle->stream, [=, stream = handle->stream] {
    stream->passed += milliseconds;
    if (bytes > 0) std::memset(workspace, 0x5a, bytes);
    product();
  });
  return CUDNN_STATUS_SUCCESS;
}

int list(const Problem& p, const char* function, std::vector<CudnnAlgorithm> all, int most, int* count,
         CudnnAlgorithm* found) {
  const int fault = planted(function);
  if (fault != CUDNN_STATUS_SUCCESS) return fault;
  if (!p.fits()) return kBadParameter;
  *count = 0;
  for (const CudnnAlgorithm& a : all) {
    if (*count < most) found[(*count)++] = a;
  }
  return CUDNN_STATUS_SUCCESS;
}

CudnnAlgorithm entry(int number, int status, int determinism) { return {number, status, 1.0f, 0, determinism, 0, {}}; }

int size(const Problem& p, int algorithm, size_t* bytes) {
  *bytes = algorithm == 6 ? kHuge : workspace_of(p, algorithm);
  return p.fits() ? CUDNN_STATUS_SUCCESS : kBadParameter;
}

float of(const void* scalar) { return *static_cast<const float*>(scalar); }

// target = alpha sums + beta target
void store(void* target, int type, const std::vector<double>& sums, float alpha, float beta) {
  for (size_t i = 0; i < sums.size(); ++i) {
    const auto at = static_cast<int64_t>(i);
    write(target, type, at, static_cast<float>(alpha * sums[i]) + (beta == 0 ? 0.0f : beta * read(target, type, at)));
  }
}

std::vector<double> forward_sums(const Problem& p, const void* x, const void* w) {
  const std::vector<float> a = factors(p, x, p.x_size()), b = factors(p, w, p.w_size());
  std::vector<double> sums(static_cast<size_t>(p.y_size()));
  p.visit([&](int64_t at_x, int64_t at_w, int64_t at_y) {
    sums[static_cast<size_t>(at_y)] += double{a[static_cast<size_t>(at_x)]} * b[static_cast<size_t>(at_w)];
  });
  return sums;
}

}  // namespace

extern "C" {
CUDNN int fake_cudnn_products();
int fake_cudnn_products() { return products; }

CUDNN size_t cudnnGetVersion() {
  const char* version = std::getenv("FAKE_CUDNN_VERSION");
  return version == nullptr ? 91900 : static_cast<size_t>(std::atoll(version));
}
CUDNN const char* cudnnGetErrorString(int status) {
  return status == kFailed                      ? "CUDNN_STATUS_EXECUTION_FAILED"
         : status == CUDNN_STATUS_NOT_SUPPORTED ? "CUDNN_STATUS_NOT_SUPPORTED"
                                                : "CUDNN_STATUS_BAD_PARAM";
}
CUDNN int cudnnCreate(cudnnHandle_t* handle) {
  const int fault = planted("cudnnCreate");
  return fault == CUDNN_STATUS_SUCCESS ? create(handle) : fault;
}
CUDNN int cudnnSetStream(cudnnHandle_t handle, cudaStream_t stream) {
  handle->stream = stream;
  return CUDNN_STATUS_SUCCESS;
}

CUDNN int cudnnCreateTensorDescriptor(cudnnTensorDescriptor_t* tensor) { return create(tensor); }
CUDNN int cudnnSetTensor4dDescriptor(cudnnTensorDescriptor_t tensor, int format, int type, int n, int c, int h, int w) {
  *tensor = {type, n, c, h, w};
  return format == CUDNN_TENSOR_NHWC && n > 0 && c > 0 && h > 0 && w > 0 ? CUDNN_STATUS_SUCCESS : kBadParameter;
}
CUDNN int cudnnDestroyTensorDescriptor(cudnnTensorDescriptor_t tensor) { return destroy(tensor); }
CUDNN int cudnnCreateFilterDescriptor(cudnnFilterDescriptor_t* filter) { return create(filter); }
CUDNN int cudnnSetFilter4dDescriptor(cudnnFilterDescriptor_t filter, int type, int format, int k, int c, int h, int w) {
  *filter = {type, k, c, h, w};
  return format == CUDNN_TENSOR_NHWC && k > 0 && c > 0 && h > 0 && w > 0 ? CUDNN_STATUS_SUCCESS : kBadParameter;
}
CUDNN int cudnnDestroyFilterDescriptor(cudnnFilterDescriptor_t filter) { return destroy(filter); }
CUDNN int cudnnCreateConvolutionDescriptor(cudnnConvolutionDescriptor_t* conv) { return create(conv); }
CUDNN int cudnnSetConvolution2dDescriptor(cudnnConvolutionDescriptor_t conv, int pad_h, int pad_w, int stride_h,
                                          int stride_w, int dilation_h, int dilation_w, int mode, int sum_type) {
  *conv = {pad_h, pad_w, stride_h, stride_w, CUDNN_DEFAULT_MATH};
  const bool usual = dilation_h == 1 && dilation_w == 1 && mode == CUDNN_CROSS_CORRELATION;
  return usual && sum_type == CUDNN_DATA_FLOAT ? CUDNN_STATUS_SUCCESS : kBadParameter;
}
CUDNN int cudnnSetConvolutionMathType(cudnnConvolutionDescriptor_t conv, int math) {
  conv->math = math;
  return CUDNN_STATUS_SUCCESS;
}
CUDNN int cudnnDestroyConvolutionDescriptor(cudnnConvolutionDescriptor_t conv) { return destroy(conv); }
CUDNN int cudnnCreateActivationDescriptor(cudnnActivationDescriptor_t* activation) { return create(activation); }
CUDNN int cudnnSetActivationDescriptor(cudnnActivationDescriptor_t activation, int mode, int nan, double) {
  activation->mode = mode;
  return nan == CUDNN_PROPAGATE_NAN ? CUDNN_STATUS_SUCCESS : kBadParameter;
}
CUDNN int cudnnDestroyActivationDescriptor(cudnnActivationDescriptor_t activation) { return destroy(activation); }

CUDNN int cudnnGetConvolutionForwardAlgorithm_v7(cudnnHandle_t, cudnnTensorDescriptor_t x, cudnnFilterDescriptor_t w,
                                                 cudnnConvolutionDescriptor_t conv, cudnnTensorDescriptor_t y, int most,
                                                 int* count, CudnnAlgorithm* found) {
  return list({*x, *y, *w, *conv}, "cudnnGetConvolutionForwardAlgorithm_v7",
              {entry(7, CUDNN_STATUS_NOT_SUPPORTED, CUDNN_DETERMINISTIC), entry(6, 0, CUDNN_DETERMINISTIC),
               entry(0, 0, CUDNN_DETERMINISTIC), entry(1, 0, CUDNN_DETERMINISTIC)},
              most, count, found);
}
CUDNN int cudnnGetConvolutionForwardWorkspaceSize(cudnnHandle_t, cudnnTensorDescriptor_t x, cudnnFilterDescriptor_t w,
                                                  cudnnConvolutionDescriptor_t conv, cudnnTensorDescriptor_t y,
                                                  int algorithm, size_t* bytes) {
  return size({*x, *y, *w, *conv}, algorithm, bytes);
}
CUDNN int cudnnConvolutionForward(cudnnHandle_t handle, const void* alpha, cudnnTensorDescriptor_t x_shape,
                                  const void* x, cudnnFilterDescriptor_t w_shape, const void* w,
                                  cudnnConvolutionDescriptor_t conv, int algorithm, void* workspace, size_t bytes,
                                  const void* beta, cudnnTensorDescriptor_t y_shape, void* y) {
  const Problem p{*x_shape, *y_shape, *w_shape, *conv};
  return run("cudnnConvolutionForward", handle, p, algorithm, algorithm == 0 || algorithm == 1, workspace, bytes,
             {x, w, y}, [=, a = of(alpha), b = of(beta)] { store(y, p.y.type, forward_sums(p, x, w), a, b); });
}
CUDNN int cudnnConvolutionBiasActivationForward(cudnnHandle_t handle, const void* alpha1,
                                                cudnnTensorDescriptor_t x_shape, const void* x,
                                                cudnnFilterDescriptor_t w_shape, const void* w,
                                                cudnnConvolutionDescriptor_t conv, int algorithm, void* workspace,
                                                size_t bytes, const void* alpha2, cudnnTensorDescriptor_t z_shape,
                                                const void* z, cudnnTensorDescriptor_t bias_shape, const void* bias,
                                                cudnnActivationDescriptor_t activation, cudnnTensorDescriptor_t y_shape,
                                                void* y) {
  const Problem p{*x_shape, *y_shape, *w_shape, *conv};
  const bool identity = activation->mode == CUDNN_ACTIVATION_IDENTITY;
  const cudnnTensorStruct &added = *z_shape, &row = *bias_shape;
  const bool shapes = added.type == p.y.type && added.n == p.y.n && added.c == p.y.c && added.h == p.y.h &&
                      added.w == p.y.w && row.type == p.y.type && row.c == p.y.c && row.n * row.h * row.w == 1;
  if (identity && algorithm != CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM) return CUDNN_STATUS_NOT_SUPPORTED;
  return run("cudnnConvolutionBiasActivationForward", handle, p, algorithm,
             shapes && (algorithm == 0 || algorithm == 1) && (identity || activation->mode == CUDNN_ACTIVATION_RELU),
             workspace, bytes, {x, w, y, z, bias}, [=, a = of(alpha1), b = of(alpha2)] {
               const std::vector<double> sums = forward_sums(p, x, w);
               for (int64_t i = 0; i < p.y_size(); ++i) {
                 double value = a * sums[static_cast<size_t>(i)] + read(bias, p.y.type, i % p.y.c);
                 if (b != 0) value += double{b} * read(z, p.y.type, i);
                 write(y, p.y.type, i, static_cast<float>(!identity && value < 0 ? 0 : value));
               }
             });
}

CUDNN int cudnnGetConvolutionBackwardDataAlgorithm_v7(cudnnHandle_t, cudnnFilterDescriptor_t w,
                                                      cudnnTensorDescriptor_t dy, cudnnConvolutionDescriptor_t conv,
                                                      cudnnTensorDescriptor_t dx, int most, int* count,
                                                      CudnnAlgorithm* found) {
  return list({*dx, *dy, *w, *conv}, "cudnnGetConvolutionBackwardDataAlgorithm_v7",
              {entry(0, 0, 0), entry(6, 0, CUDNN_DETERMINISTIC), entry(1, 0, CUDNN_DETERMINISTIC)}, most, count, found);
}
CUDNN int cudnnGetConvolutionBackwardDataWorkspaceSize(cudnnHandle_t, cudnnFilterDescriptor_t w,
                                                       cudnnTensorDescriptor_t dy, cudnnConvolutionDescriptor_t conv,
                                                       cudnnTensorDescriptor_t dx, int algorithm, size_t* bytes) {
  return size({*dx, *dy, *w, *conv}, algorithm, bytes);
}
CUDNN int cudnnConvolutionBackwardData(cudnnHandle_t handle, const void* alpha, cudnnFilterDescriptor_t w_shape,
                                       const void* w, cudnnTensorDescriptor_t dy_shape, const void* dy,
                                       cudnnConvolutionDescriptor_t conv, int algorithm, void* workspace, size_t bytes,
                                       const void* beta, cudnnTensorDescriptor_t dx_shape, void* dx) {
  const Problem p{*dx_shape, *dy_shape, *w_shape, *conv};
  return run("cudnnConvolutionBackwardData", handle, p, algorithm, algorithm == 1, workspace, bytes, {w, dy, dx},
             [=, alpha1 = of(alpha), beta1 = of(beta)] {
               const std::vector<float> a = factors(p, dy, p.y_size()), b = factors(p, w, p.w_size());
               std::vector<double> sums(static_cast<size_t>(p.x_size()));
               p.visit([&](int64_t at_x, int64_t at_w, int64_t at_y) {
                 sums[static_cast<size_t>(at_x)] += double{a[static_cast<size_t>(at_y)]} * b[static_cast<size_t>(at_w)];
               });
               store(dx, p.x.type, sums, alpha1, beta1);
             });
}

CUDNN int cudnnGetConvolutionBackwardFilterAlgorithm_v7(cudnnHandle_t, cudnnTensorDescriptor_t x,
                                                        cudnnTensorDescriptor_t dy, cudnnConvolutionDescriptor_t conv,
                                                        cudnnFilterDescriptor_t dw, int most, int* count,
                                                        CudnnAlgorithm* found) {
  return list({*x, *dy, *dw, *conv}, "cudnnGetConvolutionBackwardFilterAlgorithm_v7",
              {entry(3, 0, 0), entry(0, 0, 0), entry(1, 0, CUDNN_DETERMINISTIC)}, most, count, found);
}
CUDNN int cudnnGetConvolutionBackwardFilterWorkspaceSize(cudnnHandle_t, cudnnTensorDescriptor_t x,
                                                         cudnnTensorDescriptor_t dy, cudnnConvolutionDescriptor_t conv,
                                                         cudnnFilterDescriptor_t dw, int algorithm, size_t* bytes) {
  return size({*x, *dy, *dw, *conv}, algorithm, bytes);
}
CUDNN int cudnnConvolutionBackwardFilter(cudnnHandle_t handle, const void* alpha, cudnnTensorDescriptor_t x_shape,
                                         const void* x, cudnnTensorDescriptor_t dy_shape, const void* dy,
                                         cudnnConvolutionDescriptor_t conv, int algorithm, void* workspace,
                                         size_t bytes, const void* beta, cudnnFilterDescriptor_t dw_shape, void* dw) {
  const Problem p{*x_shape, *dy_shape, *dw_shape, *conv};
  return run("cudnnConvolutionBackwardFilter", handle, p, algorithm, algorithm == 1, workspace, bytes, {x, dy, dw},
             [=, alpha1 = of(alpha), beta1 = of(beta)] {
               const std::vector<float> a = factors(p, x, p.x_size()), b = factors(p, dy, p.y_size());
               std::vector<double> sums(static_cast<size_t>(p.w_size()));
               p.visit([&](int64_t at_x, int64_t at_w, int64_t at_y) {
                 sums[static_cast<size_t>(at_w)] += double{a[static_cast<size_t>(at_x)]} * b[static_cast<size_t>(at_y)];
               });
               store(dw, p.w.type, sums, alpha1, beta1);
             });
}
}

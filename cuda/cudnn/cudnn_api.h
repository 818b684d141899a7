// The part of cuDNN 9's C interface that our convolutions use, so that no build needs cuDNN. Names, numbers and
// parameters are those of its headers; CudnnInterfaceTest holds this file to the JavaCPP presets, which were made from
// them. Enumerations are ints, as in C.
#pragma once

#include <cstddef>

#include "device/memory.h"

using cudnnHandle_t = struct cudnnContext*;
using cudnnTensorDescriptor_t = struct cudnnTensorStruct*;
using cudnnFilterDescriptor_t = struct cudnnFilterStruct*;
using cudnnConvolutionDescriptor_t = struct cudnnConvolutionStruct*;
using cudnnActivationDescriptor_t = struct cudnnActivationStruct*;

constexpr int CUDNN_STATUS_SUCCESS = 0;
constexpr int CUDNN_STATUS_NOT_SUPPORTED = 3000;  // to 3999: finer reasons
constexpr int CUDNN_STATUS_INTERNAL_ERROR = 4000;
constexpr int CUDNN_TENSOR_NHWC = 1;
constexpr int CUDNN_DATA_FLOAT = 0;
constexpr int CUDNN_DATA_HALF = 2;
constexpr int CUDNN_DATA_BFLOAT16 = 9;
constexpr int CUDNN_CROSS_CORRELATION = 1;
constexpr int CUDNN_DEFAULT_MATH = 0;  // floats may be rounded to tf32
constexpr int CUDNN_TENSOR_OP_MATH = 1;
constexpr int CUDNN_FMA_MATH = 3;  // no tensor cores
constexpr int CUDNN_DETERMINISTIC = 1;
constexpr int CUDNN_PROPAGATE_NAN = 1;
constexpr int CUDNN_ACTIVATION_RELU = 1;
constexpr int CUDNN_ACTIVATION_IDENTITY = 5;
constexpr int CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM = 1;

// cudnnConvolutionFwdAlgoPerf_t and its two sisters, which only differ in what `algo` enumerates
struct CudnnAlgorithm {
  int algo, status;
  float time;
  size_t memory;
  int determinism, mathType, reserved[3];
};

extern "C" {
size_t cudnnGetVersion();
const char* cudnnGetErrorString(int status);
int cudnnCreate(cudnnHandle_t* handle);
int cudnnSetStream(cudnnHandle_t handle, cudaStream_t stream);

int cudnnCreateTensorDescriptor(cudnnTensorDescriptor_t* tensor);
int cudnnSetTensor4dDescriptor(cudnnTensorDescriptor_t tensor, int format, int type, int n, int c, int h, int w);
int cudnnDestroyTensorDescriptor(cudnnTensorDescriptor_t tensor);
int cudnnCreateFilterDescriptor(cudnnFilterDescriptor_t* filter);
int cudnnSetFilter4dDescriptor(cudnnFilterDescriptor_t filter, int type, int format, int k, int c, int h, int w);
int cudnnDestroyFilterDescriptor(cudnnFilterDescriptor_t filter);
int cudnnCreateConvolutionDescriptor(cudnnConvolutionDescriptor_t* conv);
int cudnnSetConvolution2dDescriptor(cudnnConvolutionDescriptor_t conv, int pad_h, int pad_w, int stride_h, int stride_w,
                                    int dilation_h, int dilation_w, int mode, int sum_type);
int cudnnSetConvolutionMathType(cudnnConvolutionDescriptor_t conv, int math);
int cudnnDestroyConvolutionDescriptor(cudnnConvolutionDescriptor_t conv);
int cudnnCreateActivationDescriptor(cudnnActivationDescriptor_t* activation);
int cudnnSetActivationDescriptor(cudnnActivationDescriptor_t activation, int mode, int nan, double coefficient);
int cudnnDestroyActivationDescriptor(cudnnActivationDescriptor_t activation);

int cudnnGetConvolutionForwardAlgorithm_v7(cudnnHandle_t handle, cudnnTensorDescriptor_t x, cudnnFilterDescriptor_t w,
                                           cudnnConvolutionDescriptor_t conv, cudnnTensorDescriptor_t y, int most,
                                           int* count, CudnnAlgorithm* found);
int cudnnGetConvolutionForwardWorkspaceSize(cudnnHandle_t handle, cudnnTensorDescriptor_t x, cudnnFilterDescriptor_t w,
                                            cudnnConvolutionDescriptor_t conv, cudnnTensorDescriptor_t y, int algorithm,
                                            size_t* bytes);
int cudnnConvolutionForward(cudnnHandle_t handle, const void* alpha, cudnnTensorDescriptor_t x_shape, const void* x,
                            cudnnFilterDescriptor_t w_shape, const void* w, cudnnConvolutionDescriptor_t conv,
                            int algorithm, void* workspace, size_t bytes, const void* beta,
                            cudnnTensorDescriptor_t y_shape, void* y);
int cudnnConvolutionBiasActivationForward(cudnnHandle_t handle, const void* alpha1, cudnnTensorDescriptor_t x_shape,
                                          const void* x, cudnnFilterDescriptor_t w_shape, const void* w,
                                          cudnnConvolutionDescriptor_t conv, int algorithm, void* workspace,
                                          size_t bytes, const void* alpha2, cudnnTensorDescriptor_t z_shape,
                                          const void* z, cudnnTensorDescriptor_t bias_shape, const void* bias,
                                          cudnnActivationDescriptor_t activation, cudnnTensorDescriptor_t y_shape,
                                          void* y);
int cudnnGetConvolutionBackwardDataAlgorithm_v7(cudnnHandle_t handle, cudnnFilterDescriptor_t w,
                                                cudnnTensorDescriptor_t dy, cudnnConvolutionDescriptor_t conv,
                                                cudnnTensorDescriptor_t dx, int most, int* count,
                                                CudnnAlgorithm* found);
int cudnnGetConvolutionBackwardDataWorkspaceSize(cudnnHandle_t handle, cudnnFilterDescriptor_t w,
                                                 cudnnTensorDescriptor_t dy, cudnnConvolutionDescriptor_t conv,
                                                 cudnnTensorDescriptor_t dx, int algorithm, size_t* bytes);
int cudnnConvolutionBackwardData(cudnnHandle_t handle, const void* alpha, cudnnFilterDescriptor_t w_shape,
                                 const void* w, cudnnTensorDescriptor_t dy_shape, const void* dy,
                                 cudnnConvolutionDescriptor_t conv, int algorithm, void* workspace, size_t bytes,
                                 const void* beta, cudnnTensorDescriptor_t dx_shape, void* dx);
int cudnnGetConvolutionBackwardFilterAlgorithm_v7(cudnnHandle_t handle, cudnnTensorDescriptor_t x,
                                                  cudnnTensorDescriptor_t dy, cudnnConvolutionDescriptor_t conv,
                                                  cudnnFilterDescriptor_t dw, int most, int* count,
                                                  CudnnAlgorithm* found);
int cudnnGetConvolutionBackwardFilterWorkspaceSize(cudnnHandle_t handle, cudnnTensorDescriptor_t x,
                                                   cudnnTensorDescriptor_t dy, cudnnConvolutionDescriptor_t conv,
                                                   cudnnFilterDescriptor_t dw, int algorithm, size_t* bytes);
int cudnnConvolutionBackwardFilter(cudnnHandle_t handle, const void* alpha, cudnnTensorDescriptor_t x_shape,
                                   const void* x, cudnnTensorDescriptor_t dy_shape, const void* dy,
                                   cudnnConvolutionDescriptor_t conv, int algorithm, void* workspace, size_t bytes,
                                   const void* beta, cudnnFilterDescriptor_t dw_shape, void* dw);
}

// Every function that is looked up in libcudnn.
// clang-format off
#define SELVAGE_CUDNN(FUNCTION)                                                                          \
  FUNCTION(GetVersion) FUNCTION(GetErrorString) FUNCTION(Create) FUNCTION(SetStream)                     \
  FUNCTION(CreateTensorDescriptor) FUNCTION(SetTensor4dDescriptor) FUNCTION(DestroyTensorDescriptor)     \
  FUNCTION(CreateFilterDescriptor) FUNCTION(SetFilter4dDescriptor) FUNCTION(DestroyFilterDescriptor)     \
  FUNCTION(CreateConvolutionDescriptor) FUNCTION(SetConvolution2dDescriptor)                             \
  FUNCTION(SetConvolutionMathType) FUNCTION(DestroyConvolutionDescriptor)                                \
  FUNCTION(CreateActivationDescriptor) FUNCTION(SetActivationDescriptor)                                 \
  FUNCTION(DestroyActivationDescriptor)                                                                  \
  FUNCTION(GetConvolutionForwardAlgorithm_v7) FUNCTION(GetConvolutionForwardWorkspaceSize)               \
  FUNCTION(ConvolutionForward) FUNCTION(ConvolutionBiasActivationForward)                                \
  FUNCTION(GetConvolutionBackwardDataAlgorithm_v7) FUNCTION(GetConvolutionBackwardDataWorkspaceSize)     \
  FUNCTION(ConvolutionBackwardData)                                                                      \
  FUNCTION(GetConvolutionBackwardFilterAlgorithm_v7) FUNCTION(GetConvolutionBackwardFilterWorkspaceSize) \
  FUNCTION(ConvolutionBackwardFilter)
// clang-format on

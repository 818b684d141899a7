// Tensor maps are made by the driver, whose functions CUDA's runtime finds: nothing is linked with it.
#include <string>

#include "common/elements.cuh"
#include "hopper/tap_window.cuh"
#include "hopper/tensor_maps.h"

namespace selvage::cuda {
namespace {

constexpr cuuint32_t kWide = 64;

template <typename Function>
Function* driver_function(const char* name) {
  void* found = nullptr;
  cudaDriverEntryPointQueryResult result{};
#if CUDART_VERSION >= 12050
  check_cuda(cudaGetDriverEntryPointByVersion(name, &found, 12000, cudaEnableDefault, &result), name);
#else
  check_cuda(cudaGetDriverEntryPoint(name, &found, cudaEnableDefault, &result), name);
#endif
  if (result != cudaDriverEntryPointSuccess || found == nullptr)
    throw CudaError(std::string(name) + ": the NVIDIA driver does not have it");
  return reinterpret_cast<Function*>(found);
}

void check_map(CUresult result, const char* name) {
  if (result != CUDA_SUCCESS)
    throw CudaError(std::string(name) + ": the driver says " + std::to_string(static_cast<int>(result)));
}

template <typename T>
constexpr CUtensorMapDataType kMapType =
    std::is_same_v<T, bf16> ? CU_TENSOR_MAP_DATA_TYPE_BFLOAT16 : CU_TENSOR_MAP_DATA_TYPE_FLOAT16;

}  // namespace

template <typename T>
CUtensorMap rows_map(const T* x, int matrices, int rows, int columns) {
  static auto* const encode = driver_function<decltype(cuTensorMapEncodeTiled)>("cuTensorMapEncodeTiled");
  const cuuint64_t row = static_cast<cuuint64_t>(columns) * sizeof(T);
  const cuuint64_t sizes[] = {static_cast<cuuint64_t>(columns), static_cast<cuuint64_t>(rows),
                              static_cast<cuuint64_t>(matrices)};
  const cuuint64_t strides[] = {row, row * rows};
  const cuuint32_t box[] = {kWide, 64, 1}, steps[] = {1, 1, 1};
  CUtensorMap map{};
  check_map(encode(&map, kMapType<T>, 3, const_cast<T*>(x), sizes, strides, box, steps, CU_TENSOR_MAP_INTERLEAVE_NONE,
                   CU_TENSOR_MAP_SWIZZLE_128B, CU_TENSOR_MAP_L2_PROMOTION_L2_256B, CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE),
            "cuTensorMapEncodeTiled");
  return map;
}

template <typename T>
CUtensorMap pixels_map(const T* source, const GatherGrid& g, int pixels) {
  static auto* const encode = driver_function<decltype(cuTensorMapEncodeIm2col)>("cuTensorMapEncodeIm2col");
  const cuuint64_t pixel = static_cast<cuuint64_t>(g.channels) * sizeof(T);
  const cuuint64_t sizes[] = {static_cast<cuuint64_t>(g.channels), static_cast<cuuint64_t>(g.source_w),
                              static_cast<cuuint64_t>(g.source_h), static_cast<cuuint64_t>(g.n)};
  const cuuint64_t strides[] = {pixel, pixel * g.source_w, pixel * g.source_w * g.source_h};
  const cuuint32_t step = static_cast<cuuint32_t>(g.step), steps[] = {1, step, step, 1};
  const TapWindow::Corners corners = TapWindow(g).corners(g);
  CUtensorMap map{};
  check_map(encode(&map, kMapType<T>, 4, const_cast<T*>(source), sizes, strides, corners.lower, corners.upper, kWide,
                   static_cast<cuuint32_t>(pixels), steps, CU_TENSOR_MAP_INTERLEAVE_NONE, CU_TENSOR_MAP_SWIZZLE_128B,
                   CU_TENSOR_MAP_L2_PROMOTION_L2_256B, CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE),
            "cuTensorMapEncodeIm2col");
  return map;
}

template CUtensorMap rows_map<bf16>(const bf16*, int, int, int);
template CUtensorMap rows_map<f16>(const f16*, int, int, int);
template CUtensorMap pixels_map<bf16>(const bf16*, const GatherGrid&, int);
template CUtensorMap pixels_map<f16>(const f16*, const GatherGrid&, int);

}  // namespace selvage::cuda

#include "driver.h"

#include <cstring>
#include <string>

namespace {

constexpr uint64_t kMostOfSize = uint64_t{1} << 32, kMostOfStride = uint64_t{1} << 40;

// What both kinds of maps hold. Returns whether the driver takes it.
bool describe(CUtensorMap* map, cuuint32_t rank, void* memory, const cuuint64_t* sizes, const cuuint64_t* strides,
              const cuuint32_t* steps, CUtensorMapSwizzle swizzle) {
  if (reinterpret_cast<uintptr_t>(map) % 64 != 0 || reinterpret_cast<uintptr_t>(memory) % 16 != 0) return false;
  if (rank < 1 || rank > 5) return false;
  *map = {};
  map->memory = static_cast<const char*>(memory);
  map->rank = static_cast<uint8_t>(rank);
  map->swizzle = static_cast<uint8_t>(swizzle);
  map->strides[0] = 2;
  for (cuuint32_t d = 0; d < rank; ++d) {
    if (sizes[d] == 0 || sizes[d] > kMostOfSize || steps[d] == 0 || steps[d] > 8) return false;
    map->sizes[d] = static_cast<uint32_t>(sizes[d]);
    map->steps[d] = d == 0 ? 1 : static_cast<uint8_t>(steps[d]);
    if (d == 0) continue;
    if (strides[d - 1] % 16 != 0 || strides[d - 1] >= kMostOfStride) return false;
    map->strides[d] = strides[d - 1];
  }
  return true;
}

bool fits_swizzle(uint32_t elements, CUtensorMapSwizzle swizzle) {
  const uint32_t bytes = 2 * elements;
  return bytes % 16 == 0 && (swizzle == CU_TENSOR_MAP_SWIZZLE_NONE || bytes <= (16u << swizzle));
}

}  // namespace

CUresult cuTensorMapEncodeTiled(CUtensorMap* map, CUtensorMapDataType, cuuint32_t rank, void* memory,
                                const cuuint64_t* sizes, const cuuint64_t* strides, const cuuint32_t* box,
                                const cuuint32_t* steps, CUtensorMapInterleave, CUtensorMapSwizzle swizzle,
                                CUtensorMapL2promotion, CUtensorMapFloatOOBfill) {
  if (!describe(map, rank, memory, sizes, strides, steps, swizzle)) return CUDA_ERROR_INVALID_VALUE;
  for (cuuint32_t d = 0; d < rank; ++d) {
    if (box[d] == 0 || box[d] > 256) return CUDA_ERROR_INVALID_VALUE;
    map->box[d] = static_cast<uint16_t>(box[d]);
  }
  return fits_swizzle(box[0], swizzle) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUresult cuTensorMapEncodeIm2col(CUtensorMap* map, CUtensorMapDataType, cuuint32_t rank, void* memory,
                                 const cuuint64_t* sizes, const cuuint64_t* strides, const int* lower, const int* upper,
                                 cuuint32_t channels, cuuint32_t pixels, const cuuint32_t* steps, CUtensorMapInterleave,
                                 CUtensorMapSwizzle swizzle, CUtensorMapL2promotion, CUtensorMapFloatOOBfill) {
  if (rank != 4 || !describe(map, rank, memory, sizes, strides, steps, swizzle)) return CUDA_ERROR_INVALID_VALUE;
  for (int d = 0; d < 2; ++d) {
    if (lower[d] < -128 || lower[d] > 127 || upper[d] < -128 || upper[d] > 127) return CUDA_ERROR_INVALID_VALUE;
    if (static_cast<int64_t>(sizes[d + 1]) + upper[d] - lower[d] <= 0) return CUDA_ERROR_INVALID_VALUE;
    map->lower[d] = static_cast<int8_t>(lower[d]);
    map->upper[d] = static_cast<int8_t>(upper[d]);
  }
  if (channels == 0 || channels > 256 || pixels == 0 || pixels > 1024) return CUDA_ERROR_INVALID_VALUE;
  map->im2col = true;
  map->box[0] = static_cast<uint16_t>(channels);
  map->box[1] = static_cast<uint16_t>(pixels);
  return fits_swizzle(channels, swizzle) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

int cudaGetDriverEntryPointByVersion(const char* name, void** function, unsigned, unsigned long long,
                                     cudaDriverEntryPointQueryResult* result) {
  *function = name == std::string("cuTensorMapEncodeTiled")    ? reinterpret_cast<void*>(cuTensorMapEncodeTiled)
              : name == std::string("cuTensorMapEncodeIm2col") ? reinterpret_cast<void*>(cuTensorMapEncodeIm2col)
                                                               : nullptr;
  *result = *function == nullptr ? cudaDriverEntryPointSymbolNotFound : cudaDriverEntryPointSuccess;
  return 0;
}

// death_tests NAME: one bug that AddressSanitizer or UndefinedBehaviorSanitizer must end the process for.
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "common/kernel.cuh"

namespace {

__global__ void beyond_dynamic_shared(float* y) {
  DYNAMIC_SHARED(float, cells);
  cells[threadIdx.x + 1] = 1;
  __syncthreads();
  y[threadIdx.x] = cells[threadIdx.x];
}

__global__ void beyond_static_shared(float* y, int offset) {
  SHARED(float[32], cells);
  float* first = cells;
  first[threadIdx.x + offset] = 1;
  __syncthreads();
  y[threadIdx.x] = first[threadIdx.x];
}

__global__ void fill_rows(float* y, int count) {
  if (static_cast<int>(threadIdx.x) < count) y[threadIdx.x] = 1;
}

__global__ void read_vector(const float* x, float* y) {
  const float4 four = *reinterpret_cast<const float4*>(x + 1);
  y[threadIdx.x] = four.x;
}

void global() {
  void* memory = nullptr;
  cudaMalloc(&memory, 31 * sizeof(float));
  LAUNCH(fill_rows, 1, 32, 0, static_cast<float*>(memory), 32);
}

void freed() {
  void* memory = nullptr;
  cudaMalloc(&memory, 32 * sizeof(float));
  cudaFree(memory);
  LAUNCH(fill_rows, 1, 32, 0, static_cast<float*>(memory), 32);
}

void misaligned() {
  void* memory = nullptr;
  cudaMalloc(&memory, 32 * sizeof(float));
  float y[32];
  LAUNCH(read_vector, 1, 32, 0, static_cast<float*>(memory), y);
}

}  // namespace

int main(int, char** argv) {
  float y[32];
  const std::map<std::string, void (*)(float*)> bugs = {
      {"dynamic-shared", [](float* out) { LAUNCH(beyond_dynamic_shared, 1, 32, 32 * sizeof(float), out); }},
      {"static-shared", [](float* out) { LAUNCH(beyond_static_shared, 1, 32, 0, out, 1); }},
      {"global", [](float*) { global(); }},
      {"freed", [](float*) { freed(); }},
      {"misaligned", [](float*) { misaligned(); }},
  };
  bugs.at(argv[1])(y);
  selvage::cuda::synchronise();
  std::cout << argv[1] << " survived\n";
  return 0;
}

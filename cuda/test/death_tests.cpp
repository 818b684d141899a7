// death_tests NAME: one bug that AddressSanitizer or UndefinedBehaviorSanitizer must end the process for.
//
// A thread's own array is checked where it is indexed; not seen is a pointer that leaves it.
#include <functional>
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

__global__ void copy_row(const float* x, float* y) { y[threadIdx.x] = x[threadIdx.x]; }

__global__ void copy_row_async(const float* x, float* y) {
  DYNAMIC_SHARED(float, row);
  selvage::cuda::copy_async<4>(row + threadIdx.x, x + threadIdx.x, true);
  selvage::cuda::commit_copies();
  selvage::cuda::wait_copies<0>();
  y[threadIdx.x] = row[threadIdx.x];
}

__global__ void count_up(int* counts) { atomicAdd(counts + threadIdx.x, 1); }

__global__ void beyond_local_array(float* y, int offset) {
  float values[4];
  for (int i = 0; i < 4; ++i) values[i + offset] = static_cast<float>(threadIdx.x);
  y[threadIdx.x] = values[threadIdx.x % 4];
}

__global__ void read_vector(const float* x, float* y) {
  const float4 four = *reinterpret_cast<const float4*>(x + 1);
  y[threadIdx.x] = four.x;
}

void* block_of(int floats) {
  void* memory = nullptr;
  cudaMalloc(&memory, floats * sizeof(float));
  return memory;
}

void freed() {
  void* memory = block_of(32);
  cudaFree(memory);
  LAUNCH(fill_rows, 1, 32, 0, static_cast<float*>(memory), 32);
}

}  // namespace

int main(int, char** argv) {
  float y[32];
  const auto beyond = [] { return static_cast<float*>(block_of(31)); };
  const std::map<std::string, std::function<void()>> bugs = {
      {"dynamic-shared", [&] { LAUNCH(beyond_dynamic_shared, 1, 32, 32 * sizeof(float), y); }},
      {"static-shared", [&] { LAUNCH(beyond_static_shared, 1, 32, 0, y, 1); }},
      {"global", [&] { LAUNCH(fill_rows, 1, 32, 0, beyond(), 32); }},
      {"read-global", [&] { LAUNCH(copy_row, 1, 32, 0, beyond(), y); }},
      {"copied", [&] { LAUNCH(copy_row_async, 1, 32, 32 * sizeof(float), beyond(), y); }},
      {"atomic", [&] { LAUNCH(count_up, 1, 32, 0, reinterpret_cast<int*>(beyond())); }},
      {"freed", freed},
      {"misaligned", [&] { LAUNCH(read_vector, 1, 32, 0, static_cast<float*>(block_of(32)), y); }},
      {"local-array", [&] { LAUNCH(beyond_local_array, 1, 32, 0, y, 1); }},
  };
  bugs.at(argv[1])();
  selvage::cuda::synchronise();
  std::cout << argv[1] << " survived\n";
  return 0;
}

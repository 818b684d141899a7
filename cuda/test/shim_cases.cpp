// The shim itself: that it computes what a GPU does, and that each of its checks fires on a planted bug.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "cases.h"
#include "common/kernel.cuh"

namespace selvage::test {
namespace {

using cuda::kAllLanes;

// ---- what kernels may do --------------------------------------------------------------------------------------------

__global__ void block_sum(const float* x, int count, float* y) {
  SHARED(float[8], partial);
  float total = 0;
  for (int i = static_cast<int>(threadIdx.x); i < count; i += static_cast<int>(blockDim.x)) total += x[i];
  for (int step = 16; step > 0; step /= 2) total += __shfl_down_sync(kAllLanes, total, step);
  if (threadIdx.x % 32 == 0) partial[threadIdx.x / 32] = total;
  __syncthreads();
  if (threadIdx.x == 0) {
    *y = 0;
    for (float p : partial) *y += p;
  }
}

double sum_of_block() {
  std::vector<float> x(1000);
  std::iota(x.begin(), x.end(), 1.0f);
  float y = NAN;
  LAUNCH(block_sum, 1, 256, 0, x.data(), 1000, &y);
  return std::abs(y - 500500.0f);
}

__global__ void positions_of_positives(const float* x, int* y) {
  const unsigned votes = __ballot_sync(kAllLanes, x[threadIdx.x] > 0);
  if (x[threadIdx.x] > 0) y[__popc(votes & ((1u << threadIdx.x) - 1))] = static_cast<int>(threadIdx.x);
}

double ballot_compacts() {
  std::vector<float> x(32);
  for (int i = 0; i < 32; ++i) x[i] = i % 3 == 0 ? 1.0f : -1.0f;
  std::vector<int> y(11, -1);
  LAUNCH(positions_of_positives, 1, 32, 0, x.data(), y.data());
  for (int i = 0; i < 11; ++i) {
    if (y[i] != 3 * i) return 1;
  }
  return 0;
}

// Lanes of a warp pass values through shared memory with nothing but a warp barrier between.
__global__ void warp_exchange(int* y) {
  SHARED(int[64], cells);
  cells[threadIdx.x] = static_cast<int>(threadIdx.x);
  __syncwarp();
  const int other = cells[threadIdx.x ^ 1];
  __syncwarp();
  cells[threadIdx.x] = other;
  __syncthreads();
  y[threadIdx.x] = cells[63 - threadIdx.x];
}

double warp_barriers_order_a_warp() {
  std::vector<int> y(64);
  LAUNCH(warp_exchange, 1, 64, 0, y.data());
  for (int i = 0; i < 64; ++i) {
    if (y[i] != ((63 - i) ^ 1)) return 1;
  }
  return 0;
}

__global__ void copy_through_shared(const float* x, float* y) {
  DYNAMIC_SHARED(float, stage);
  const bool inside = threadIdx.x < 24;
  cuda::copy_async<16>(stage + 4 * threadIdx.x, inside ? x + 4 * threadIdx.x : nullptr, inside);
  cuda::commit_copies();
  cuda::wait_copies<0>();
  __syncthreads();
  for (int i = 0; i < 4; ++i) y[i * 32 + threadIdx.x] = stage[i * 32 + threadIdx.x];
}

double async_copies_arrive() {
  std::vector<float> x(96), y(128);
  std::iota(x.begin(), x.end(), 0.0f);
  LAUNCH(copy_through_shared, 1, 32, 128 * sizeof(float), x.data(), y.data());
  for (int i = 0; i < 128; ++i) {
    if (y[i] != (i < 96 ? static_cast<float>(i) : 0.0f)) return 1;
  }
  return 0;
}

// d [16,8] = a [16,16] b [16,8] by one warp; a and b row-major in shared memory.
__global__ void one_product(const __nv_bfloat16* a, const __nv_bfloat16* b, float* d) {
  SHARED(__nv_bfloat16[16 * 16], left);
  SHARED(__nv_bfloat16[16 * 8], right);
  const unsigned lane = threadIdx.x;
  for (int i = static_cast<int>(lane); i < 256; i += 32) left[i] = a[i];
  for (int i = static_cast<int>(lane); i < 128; i += 32) right[i] = b[i];
  __syncwarp();
  uint32_t fragment_a[4], fragment_b[1][2];
  float sums[1][4] = {};
  cuda::load_matrix_x4(fragment_a, left + lane % 16 * 16 + lane / 16 * 8);
  cuda::load_matrix_x2_transposed(fragment_b[0], right + lane % 16 * 8);
  cuda::mma_bf16(sums, fragment_a, fragment_b);
  for (int i = 0; i < 4; ++i) d[(lane / 4 + i / 2 * 8) * 8 + lane % 4 * 2 + i % 2] = sums[0][i];
}

double tensor_core_product() {
  std::vector<__nv_bfloat16> a(256), b(128);
  std::vector<float> d(128);
  for (int i = 0; i < 256; ++i) a[i] = __float2bfloat16(static_cast<float>(i % 7 - 3));
  for (int i = 0; i < 128; ++i) b[i] = __float2bfloat16(static_cast<float>(i % 5 - 2));
  LAUNCH(one_product, 1, 32, 0, a.data(), b.data(), d.data());
  double worst = 0;
  for (int i = 0; i < 128; ++i) {
    double expected = 0;
    for (int k = 0; k < 16; ++k) {
      expected += __bfloat162float(a[i / 8 * 16 + k]) * __bfloat162float(b[k * 8 + i % 8]);
    }
    worst = std::max(worst, std::abs(expected - d[i]));
  }
  return worst;
}

// ---- planted bugs ---------------------------------------------------------------------------------------------------

__global__ void barrier_in_one_branch(int* y) {
  if (threadIdx.x < 16) {
    __syncthreads();
    y[threadIdx.x] = 1;
  } else {
    __syncthreads();
    y[threadIdx.x] = 2;
  }
}

__global__ void barrier_against_shuffle(int* y) {
  if (threadIdx.x < 16) {
    __syncthreads();
  } else {
    y[threadIdx.x] = __shfl_sync(kAllLanes, 1, 0);
  }
}

__global__ void shuffle_without_itself(int* y) { y[threadIdx.x] = __shfl_sync(0xffffu, 1, 0); }

__global__ void shuffle_from_the_dead(int* y) {
  if (threadIdx.x == 3) return;
  y[threadIdx.x] = __shfl_sync(kAllLanes, 1, 3);
}

__global__ void half_a_product(float* y) {
  if (threadIdx.x >= 16) return;
  uint32_t a[4] = {}, b[1][2] = {};
  float d[1][4] = {};
  cuda::mma_bf16(d, a, b);
  y[threadIdx.x] = d[0][0];
}

__global__ void misaligned_copy(const float* x, float* y) {
  DYNAMIC_SHARED(float, stage);
  cuda::copy_async<16>(stage + 4 * threadIdx.x, x + 1, true);
  cuda::commit_copies();
  cuda::wait_copies<0>();
  y[threadIdx.x] = stage[4 * threadIdx.x];
}

__global__ void misaligned_matrix_row(float* y) {
  SHARED(__nv_bfloat16[9 * 64], cells);
  uint32_t r[4];
  cuda::load_matrix_x4(r, cells + threadIdx.x * 9);
  y[threadIdx.x] = static_cast<float>(r[0]);
}

__global__ void copy_without_wait(const float* x, float* y) {
  DYNAMIC_SHARED(float, stage);
  cuda::copy_async<16>(stage + 4 * threadIdx.x, x + 4 * threadIdx.x, true);
  cuda::commit_copies();
  const float early = stage[4 * threadIdx.x];
  cuda::wait_copies<0>();
  y[threadIdx.x] = early;
}

__global__ void copy_never_awaited(const float* x) {
  DYNAMIC_SHARED(float, stage);
  cuda::copy_async<16>(stage, x, threadIdx.x == 0);
}

__global__ void reads_what_none_wrote(float* y) {
  SHARED(float[32], cells);
  if (threadIdx.x != 5) cells[threadIdx.x] = 1;
  __syncthreads();
  y[threadIdx.x] = cells[threadIdx.x];
}

__global__ void shift_without_barrier(const float* x, float* y) {
  SHARED(float[64], cells);
  cells[threadIdx.x] = x[threadIdx.x];
  y[threadIdx.x] = cells[63 - threadIdx.x];
}

__global__ void reuse_without_barrier(const float* x, float* y) {
  SHARED(float[64], cells);
  float total = 0;
  for (int round = 0; round < 2; ++round) {
    cells[threadIdx.x] = x[round * 64 + threadIdx.x];
    __syncthreads();
    total += cells[63 - threadIdx.x];  // the next round may overwrite it first
  }
  y[threadIdx.x] = total;
}

__global__ void all_write_one(float* y) {
  SHARED(float, cell);
  cell = static_cast<float>(threadIdx.x);
  __syncthreads();
  y[threadIdx.x] = cell;
}

void add_planted_bugs(Table& table) {
  const auto add = [&](const std::string& name, const std::string& what, const std::function<void()>& launch) {
    table.push_back({"shim refuses " + name, 0, [=] { return violates(launch, what); }});
  };
  add("barriers in two branches", "divergent barrier", [] {
    int y[32];
    LAUNCH(barrier_in_one_branch, 1, 32, 0, y);
  });
  add("a barrier that waits for a shuffle", "deadlock", [] {
    int y[32];
    LAUNCH(barrier_against_shuffle, 1, 32, 0, y);
  });
  add("a shuffle whose mask leaves its lane out", "leaves it out", [] {
    int y[32];
    LAUNCH(shuffle_without_itself, 1, 32, 0, y);
  });
  add("a shuffle from a lane that has ended", "has no part", [] {
    int y[32];
    LAUNCH(shuffle_from_the_dead, 1, 32, 0, y);
  });
  add("a product of half a warp", "without all 32 lanes", [] {
    float y[32];
    LAUNCH(half_a_product, 1, 32, 0, y);
  });
  add("a misaligned cp.async", "misaligned cp.async", [] {
    std::vector<float> x(256);
    float y[32];
    LAUNCH(misaligned_copy, 1, 32, 512, x.data(), y);
  });
  add("a misaligned ldmatrix", "misaligned row", [] {
    float y[32];
    LAUNCH(misaligned_matrix_row, 1, 32, 0, y);
  });
  add("copies in flight at the end", "in flight", [] {
    alignas(16) float x[4] = {};
    LAUNCH(copy_never_awaited, 1, 32, 16, x);
  });
  add("an empty grid", "at least one block", [] {
    float y[32];
    LAUNCH(all_write_one, 0, 32, 0, y);
  });
  add("more shared memory than a block may have", "232448 bytes of shared memory, not 232449", [] {
    float y[32];
    LAUNCH(all_write_one, 1, 32, 232449, y);
  });
  add("a launch on a stream of another GPU", "stream of another GPU", [] {
    float y[32];
    const int device = simt::current_device;
    cuda::stream();
    simt::current_device = device + 1;
    try {
      LAUNCH(all_write_one, 1, 32, 0, y);
    } catch (...) {
      simt::current_device = device;
      throw;
    }
    simt::current_device = device;
  });
  add("a block of 1025 threads", "1 to 1024 threads", [] {
    float y[32];
    LAUNCH(all_write_one, 1, 1025, 0, y);
  });
}

// Each of these ends a capture in an error; then the stream works as before.
void add_captures(Table& table) {
  using Call = std::function<cudaError_t(void* memory, void* pinned)>;
  const auto add = [&](const std::string& name, const Call& call) {
    table.push_back({"shim refuses in a capture " + name, 0, [=] {
                       void *memory = nullptr, *pinned = nullptr;
                       cudaMalloc(&memory, 64);
                       cudaMallocHost(&pinned, 64);
                       cudaStreamBeginCapture(cuda::stream(), cudaStreamCaptureModeThreadLocal);
                       int errors = call(memory, pinned) == cudaErrorStreamCaptureUnsupported ? 0 : 1;
                       cudaGraph_t graph = nullptr;
                       errors +=
                           cudaStreamEndCapture(cuda::stream(), &graph) == cudaErrorStreamCaptureInvalidated ? 0 : 1;
                       errors += graph == nullptr && cudaStreamSynchronize(cuda::stream()) == cudaSuccess ? 0 : 1;
                       cudaFree(memory);
                       cudaFreeHost(pinned);
                       return static_cast<double>(errors);
                     }});
  };
  add("an allocation", [](void*, void*) {
    void* more = nullptr;
    return cudaMalloc(&more, 64);
  });
  add("an allocation of pinned memory", [](void*, void*) {
    void* more = nullptr;
    return cudaMallocHost(&more, 64);
  });
  add("a release", [](void* memory, void*) { return cudaFree(memory); });
  add("a release of pinned memory", [](void*, void* pinned) { return cudaFreeHost(pinned); });
  add("a wait for the stream", [](void*, void*) { return cudaStreamSynchronize(cuda::copy_stream()); });
  add("a wait for an event", [](void*, void*) {
    cudaEvent_t event = cuda::new_event();
    const cudaError_t error = cudaEventSynchronize(event);
    delete event;
    return error;
  });
  add("a copy of memory that is not pinned", [](void* memory, void*) {
    char bytes[64] = {};
    return cudaMemcpyAsync(memory, bytes, 64, cudaMemcpyHostToDevice, cuda::stream());
  });
}

void add_planted_races(Table& table) {
  const auto add = [&](const std::string& name, const std::string& what, const std::function<void()>& launch) {
    table.push_back({"race check refuses " + name, 0, [=] { return violates(launch, what); }});
  };
  add("a missing barrier after writing", "shared memory", [] {
    std::vector<float> x(64), y(64);
    LAUNCH(shift_without_barrier, 1, 64, 0, x.data(), y.data());
  });
  add("a missing barrier before writing again", "race in shared memory", [] {
    std::vector<float> x(128), y(64);
    LAUNCH(reuse_without_barrier, 1, 64, 0, x.data(), y.data());
  });
  add("writes of many threads to one place", "race in shared memory", [] {
    std::vector<float> y(64);
    LAUNCH(all_write_one, 1, 64, 0, y.data());
  });
  add("uninitialised shared memory", "uninitialised", [] {
    std::vector<float> y(32);
    LAUNCH(reads_what_none_wrote, 1, 32, 0, y.data());
  });
  add("a copy read too early", "yet to write", [] {
    alignas(16) float x[128] = {};
    float y[32];
    LAUNCH(copy_without_wait, 1, 32, 512, x, y);
  });
}

}  // namespace

void add_shim_cases(Table& table) {
  table.push_back({"shim: barriers and shuffles", 0, sum_of_block});
  table.push_back({"shim: ballots", 0, ballot_compacts});
  table.push_back({"shim: warp barriers", 0, warp_barriers_order_a_warp});
  table.push_back({"shim: asynchronous copies", 0, async_copies_arrive});
  table.push_back({"shim: ldmatrix and mma", 0, tensor_core_product});
  add_planted_bugs(table);
  add_captures(table);
  add_planted_races(table);
}

}  // namespace selvage::test

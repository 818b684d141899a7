// The instructions of compute capability 9.0 on the shim: what TMA copies and what wgmma multiplies, against plain
// loops and tables of constants that are not ours, and that each rule broken in a small pipeline is found.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "cases.h"
#include "common/kernel.cuh"
#include "hopper/async.cuh"
#include "hopper/ring.cuh"
#include "hopper/tensor_maps.h"
#include "hopper/wgmma_gemm.h"

namespace selvage::test {
namespace {

using namespace cuda;  // the instructions

constexpr int kBoxRows = 64;

uint16_t bits16(float value, bool is_bf16) { return is_bf16 ? __float2bfloat16(value).bits : __float2half(value).bits; }

std::vector<bf16> numbers(int count) {
  std::vector<bf16> x(count);
  for (int i = 0; i < count; ++i) x[i] = __float2bfloat16(static_cast<float>((i * 37 + i / 64) % 251 - 125));
  return x;
}

// ---- copies ---------------------------------------------------------------------------------------------------------

// Where a copy goes: after the barrier, at a multiple of 1024.
__device__ uint32_t after(uint32_t barrier) { return (barrier + 8 + 1023) / 1024 * 1024; }

// A swizzle of 128 bytes exchanges the eight pieces of each row by the row's number.
int swizzled_place(int row, int column) { return row * kWide + ((column / 8) ^ (row % 8)) * 8 + column % 8; }

// y = what lies in shared memory after one copy of `rows` rows of 64 values: a box, or pixels at a tap.
__global__ void copy_once(const __grid_constant__ CUtensorMap map, bool pixels, int c, int i, int j, int k, int right,
                          int down, int rows, bf16* y) {
  DYNAMIC_SHARED(bf16, shared);
  const uint32_t barrier = shared_address(shared), to = after(barrier);
  if (threadIdx.x == 0) {
    barrier_init(barrier, 1);
    publish_barriers();
  }
  __syncthreads();
  if (threadIdx.x == 0) {
    barrier_arrive_expecting(barrier, rows * 2 * kWide);
    if (pixels) {
      copy_pixels(to, map, c, i, j, k, right, down, barrier);
    } else {
      copy_box(to, map, c, i, j, barrier);
    }
  }
  barrier_wait(barrier, 0);
  for (int at = static_cast<int>(threadIdx.x); at < rows * kWide; at += static_cast<int>(blockDim.x))
    y[at] = shared[(to - barrier) / 2 + at];
}

template <typename Expected>
double differences(const std::vector<bf16>& y, int rows, const Expected& expected) {
  double wrong = 0;
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < kWide; ++column)
      wrong += __bfloat162float(y[swizzled_place(row, column)]) != expected(row, column);
  return wrong;
}

double box_arrives(int matrix, int row, int column) {
  constexpr int kMatrices = 3, kRows = 70, kColumns = 72;
  const std::vector<bf16> x = numbers(kMatrices * kRows * kColumns);
  std::vector<bf16> y(kBoxRows * kWide);
  LAUNCH(copy_once, 1, 64, 1024 + 8 * 1024 + 128, rows_map(x.data(), kMatrices, kRows, kColumns), false, column, row,
         matrix, 0, 0, 0, kBoxRows, y.data());
  return differences(y, kBoxRows, [&](int r, int c) {
    const int i = row + r, j = column + c;
    if (i < 0 || i >= kRows || j >= kColumns || matrix >= kMatrices) return 0.0f;
    return __bfloat162float(x[(matrix * kRows + i) * kColumns + j]);
  });
}

// 64 rows of a convolution's grid from `first` on, at a tap.
double pixels_arrive(int step, int direction, int first, int tap_y, int tap_x, int channel) {
  constexpr int kTaps = 3, kChannels = 72;
  GatherGrid g{};
  g.n = 2, g.source_h = 9, g.source_w = 7, g.channels = kChannels;
  g.step = step, g.direction = direction, g.first_y = g.first_x = direction > 0 ? -1 : 1;
  g.taps_y = g.taps_x = kTaps;
  g.rows_h = step == 1 ? 9 : 5, g.rows_w = step == 1 ? 7 : 4;
  const std::vector<bf16> x = numbers(g.n * g.source_h * g.source_w * kChannels);
  std::vector<bf16> y(kBoxRows * kWide);
  const auto at_tap = [&](int row_of_axis, int tap) { return row_of_axis * step + g.first_y + tap * direction; };
  // The first of the taps, from which TMA goes to the others.
  const int least = direction > 0 ? 0 : kTaps - 1, line = first / g.rows_w;
  LAUNCH(copy_once, 1, 64, 1024 + 8 * 1024 + 128, pixels_map(x.data(), g, kBoxRows), true, channel,
         at_tap(first % g.rows_w, least), at_tap(line % g.rows_h, least), line / g.rows_h, std::abs(tap_x - least),
         std::abs(tap_y - least), kBoxRows, y.data());
  return differences(y, kBoxRows, [&](int r, int c) {
    const int row = first + r, n = row / g.rows_w / g.rows_h;
    const int i = at_tap(row / g.rows_w % g.rows_h, tap_y), j = at_tap(row % g.rows_w, tap_x);
    if (n >= g.n || i < 0 || i >= g.source_h || j < 0 || j >= g.source_w || channel + c >= kChannels) return 0.0f;
    return __bfloat162float(x[((n * g.source_h + i) * g.source_w + j) * kChannels + channel + c]);
  });
}

double maps_are_refused() {
  const std::vector<bf16> x = numbers(64 * 72 + 8);
  double accepted = 0;
  const auto refuses = [&](const auto& make) {
    try {
      make();
      accepted += 1;
    } catch (const CudaError&) {
    }
  };
  refuses([&] { rows_map(x.data() + 1, 1, 64, 72); });  // address
  refuses([&] { rows_map(x.data(), 1, 64, 71); });      // stride
  refuses([&] { rows_map(x.data(), 1, 0, 72); });       // size
  GatherGrid g{};
  g.n = 1, g.source_h = 8, g.source_w = 8, g.channels = 72, g.rows_h = 8, g.rows_w = 8, g.step = 1, g.direction = 1;
  g.taps_y = g.taps_x = 1;
  g.first_x = -129;
  refuses([&] { pixels_map(x.data(), g, 64); });  // corner
  g.first_x = 0, g.step = 9;
  refuses([&] { pixels_map(x.data(), g, 64); });  // step
  return accepted;
}

// ---- products -------------------------------------------------------------------------------------------------------

constexpr int kColumns = 128, kSumsOfThread = kColumns / 2;

// Places of an element in shared memory, in values, as CuTe has them (CUTLASS 3, cute/arch/mma_sm90_desc.hpp): with the
// depth as inner axis, Swizzle<3,4,3> of ((8,m),(T,2)) : ((8T,SBO),(1,T)), and with the rows, of ((T,8,m),(8,k)) :
// ((1,T,LBO),(8T,SBO)).
int place_along_depth(int row, int k) { return row / 8 * 512 + row % 8 * 64 + ((k / 8) ^ (row % 8)) * 8 + k % 8; }
int place_turned(int row, int k) {
  return row / 64 * 4096 + k / 8 * 512 + k % 8 * 64 + ((row % 64 / 8) ^ (k % 8)) * 8 + row % 8;
}

float left_value(int m, int k) { return static_cast<float>((m * 5 + k * 3) % 11 - 5); }
float right_value(int k, int n) { return static_cast<float>((k * 7 + n * 2) % 13 - 6); }

// sums of one product, of the `slice`th 16 of the depth; a and b are shared memory's whole content.
template <bool kTurnedA, bool kBf16>
__global__ void multiply_once(const uint16_t* a, const uint16_t* b, int slice, bool fences, float* y) {
  DYNAMIC_SHARED(uint16_t, shared);
  const uint32_t barrier = shared_address(shared), left = after(barrier), right = left + kBoxBytes;
  if (threadIdx.x == 0) barrier_init(barrier, 1);
  __syncthreads();
  for (int i = static_cast<int>(threadIdx.x); i < 3 * kBoxBytes / 2; i += 128)
    shared[(left - barrier) / 2 + i] = i < kBoxBytes / 2 ? a[i] : b[i - kBoxBytes / 2];
  if (fences) fence_async_proxy();
  __syncthreads();
  float sums[kSumsOfThread];
  for (float& sum : sums) sum = 1;
  const uint64_t of_a = swizzled_matrix(left + slice * (kTurnedA ? 16 * 128 : 32), kBoxBytes);
  const uint64_t of_b = swizzled_matrix(right + slice * 16 * 128, kBoxBytes);
  wgmma_fence();
  if (kBf16) {
    wgmma_bf16<kTurnedA, true>(sums, of_a, of_b);
  } else {
    wgmma_f16<kTurnedA, true>(sums, of_a, of_b);
  }
  wgmma_commit();
  wgmma_wait<0>();
  for (int i = 0; i < kSumsOfThread; ++i) y[threadIdx.x * kSumsOfThread + i] = sums[i];
}

template <bool kTurnedA, bool kBf16>
double product_holds(int slice, bool fences) {
  std::vector<uint16_t> a(kBoxBytes / 2), b(kBoxBytes);
  for (int k = 0; k < kWide; ++k) {
    for (int m = 0; m < 64; ++m)
      a[kTurnedA ? place_turned(m, k) : place_along_depth(m, k)] = bits16(left_value(m, k), kBf16);
    for (int n = 0; n < kColumns; ++n) b[place_turned(n, k)] = bits16(right_value(k, n), kBf16);
  }
  std::vector<float> y(128 * kSumsOfThread);
  LAUNCH((multiply_once<kTurnedA, kBf16>), 1, 128, 2048 + 3 * kBoxBytes, a.data(), b.data(), slice, fences, y.data());
  double worst = 0;
  for (int thread = 0; thread < 128; ++thread) {
    for (int v = 0; v < kSumsOfThread; ++v) {
      // CLayout_64xN, threads ((4,8,4)) and values ((2,2,N/8)) to a place in a matrix that is stored by columns.
      const int place = thread % 4 * 128 + thread / 4 % 8 + thread / 32 * 16 + v % 2 * 64 + v / 2 % 2 * 8 + v / 4 * 512;
      float expected = 1;
      for (int k = 16 * slice; k < 16 * slice + 16; ++k)
        expected += left_value(place % 64, k) * right_value(k, place / 64);
      worst = std::max(worst, std::abs(static_cast<double>(y[thread * kSumsOfThread + v]) - expected));
    }
  }
  return worst;
}

// ---- a pipeline with planted bugs -----------------------------------------------------------------------------------

enum class Bug {
  none,
  no_wait_for_copies,
  wrong_parity,
  too_few_bytes,
  too_many_bytes,
  too_few_arrivals,
  unpublished,
  slot_not_awaited,
  released_too_early,
  no_fence,
  sums_changed,
  product_not_awaited,
  three_warps,
  within_a_swizzle,
  sums_read_too_early
};

// y = a b for a [64,128] and b [128,128], in two slices through a ring of one slot: warps 0 to 3 multiply, warp 4
// copies.
__global__ void two_slices(const __grid_constant__ CUtensorMap a, const __grid_constant__ CUtensorMap b, Bug bug,
                           float* y) {
  DYNAMIC_SHARED(unsigned char, shared);
  const uint32_t full = shared_address(shared), empty = full + 8, slot = after(empty);
  if (threadIdx.x == 0) {
    barrier_init(full, 1);
    barrier_init(empty, bug == Bug::too_few_arrivals ? 5 : 4);
    if (bug != Bug::unpublished) publish_barriers();
  }
  __syncthreads();
  if (threadIdx.x >= 128) {
    for (int step = 0; step < 2 && threadIdx.x == 128; ++step) {
      if (bug != Bug::slot_not_awaited) barrier_wait(empty, step ^ 1);
      const int wrong = bug == Bug::too_few_bytes ? -kBoxBytes : bug == Bug::too_many_bytes ? 128 : 0;
      barrier_arrive_expecting(full, 3 * kBoxBytes + wrong);
      copy_box(slot, a, kWide * step, 0, 0, full);
      for (int box = 0; box < 2; ++box) copy_box(slot + (1 + box) * kBoxBytes, b, kWide * box, kWide * step, 0, full);
    }
    return;
  }
  if (bug == Bug::three_warps && threadIdx.x >= 96) return;
  float sums[kSumsOfThread];
  for (float& sum : sums) sum = 0;
  for (int step = 0; step < 2; ++step) {
    if (bug != Bug::no_wait_for_copies) barrier_wait(full, bug == Bug::wrong_parity ? step ^ 1 : step);
    if (bug != Bug::no_fence) wgmma_fence();
    const uint32_t inside = bug == Bug::within_a_swizzle ? 128 : 0;
    for (int k = 0; k < 4; ++k) {
      wgmma_bf16<false, true>(sums, swizzled_matrix(slot + inside + 32 * k, kBoxBytes),
                              swizzled_matrix(slot + kBoxBytes + 2048 * k, kBoxBytes));
    }
    wgmma_commit();
    const bool last = step == 1;
    if (bug == Bug::sums_read_too_early && last) y[threadIdx.x * kSumsOfThread] = sums[0];
    if (bug == Bug::sums_changed && last) sums[3] = 0;
    if (bug == Bug::released_too_early && threadIdx.x % 32 == 0) barrier_arrive(empty);
    if (bug == Bug::product_not_awaited && last) return;
    wgmma_wait<0>();
    if (bug != Bug::released_too_early && threadIdx.x % 32 == 0) barrier_arrive(empty);
  }
  for (int i = bug == Bug::sums_read_too_early ? 1 : 0; i < kSumsOfThread; ++i)
    y[threadIdx.x * kSumsOfThread + i] = sums[i];
}

// The largest error of what the pipeline computes.
double run_pipeline_with(Bug bug) {
  const std::vector<bf16> a = numbers(64 * 128), b = numbers(128 * kColumns);
  std::vector<float> y(128 * kSumsOfThread);
  LAUNCH(two_slices, 1, 160, 2048 + 3 * kBoxBytes, rows_map(a.data(), 1, 64, 128), rows_map(b.data(), 1, 128, kColumns),
         bug, y.data());
  double worst = 0;
  for (int thread = 0; thread < 128; ++thread) {
    for (int v = 0; v < kSumsOfThread; ++v) {
      const int row = thread / 32 * 16 + thread / 4 % 8 + v / 2 % 2 * 8, column = v / 4 * 8 + thread % 4 * 2 + v % 2;
      double expected = 0;
      for (int k = 0; k < 128; ++k)
        expected += __bfloat162float(a[row * 128 + k]) * __bfloat162float(b[k * kColumns + column]);
      const double error = std::abs(y[thread * kSumsOfThread + v] - expected);
      if (std::isnan(error)) return error;
      worst = std::max(worst, error);
    }
  }
  return worst;
}

void add_bugs(Table& table) {
  const auto add = [&](const std::string& name, Bug bug, const std::string& what) {
    table.push_back({"wgmma pipeline: " + name, 0, [=] { return violates([=] { run_pipeline_with(bug); }, what); }});
  };
  table.push_back({"wgmma pipeline: computes", 0, [] { return run_pipeline_with(Bug::none); }});
  add("copies are not waited for", Bug::no_wait_for_copies, "");
  add("a wait for the wrong parity", Bug::wrong_parity, "");
  add("too few bytes are expected", Bug::too_few_bytes, "TMA copy");
  add("too many bytes are expected", Bug::too_many_bytes, "deadlock");
  add("too few warps release a slot", Bug::too_few_arrivals, "deadlock");
  add("mbarriers without a fence", Bug::unpublished, "not published");
  add("a slot is filled again at once", Bug::slot_not_awaited, "mbarrier");
  add("a slot is released before it is read", Bug::released_too_early, "may still read");
  add("sums without a fence", Bug::no_fence, "without a fence");
  add("sums are changed too early", Bug::sums_changed, "were changed");
  add("a thread ends before its product", Bug::product_not_awaited, "wgmma in flight");
  add("three warps multiply", Bug::three_warps, "");
  add("a matrix begins within a swizzle's pattern", Bug::within_a_swizzle, "within a swizzle");
  table.push_back({"wgmma pipeline: sums that are read too early are NaN", 0,
                   [] { return std::isnan(run_pipeline_with(Bug::sums_read_too_early)) ? 0.0 : 1.0; }});
  table.push_back(
      {"race check refuses stores that wgmma reads without a fence", 0,
       [] { return violates([] { product_holds<false, true>(0, false); }, "without a fence of the async proxy"); }});
}

// What the environment says, for the length of a case.
class Using {
 public:
  explicit Using(WgmmaUse use) : before_(wgmma_use()) { set_wgmma_use(use); }
  ~Using() { set_wgmma_use(before_); }
  Using(const Using&) = delete;
  Using& operator=(const Using&) = delete;

 private:
  WgmmaUse before_;
};

}  // namespace

Case by_wgmma(const Case& c) {
  return {c.name + " by warpgroups", c.limit, [c] {
            const Using all(WgmmaUse::wherever_it_can);
            const int64_t before = simt::products_issued();
            const double error = c.error();
            return simt::products_issued() > before ? error : NAN;
          }};
}

void add_hopper_cases(Table& table) {
  const std::vector<std::array<int, 3>> boxes = {{0, 0, 0}, {1, 32, 64}, {2, -3, 8}, {3, 0, 0}};
  for (const auto& [matrix, row, column] : boxes) {
    table.push_back(
        {"TMA copies a box from " + std::to_string(matrix) + "," + std::to_string(row) + "," + std::to_string(column),
         0, [matrix = matrix, row = row, column = column] { return box_arrives(matrix, row, column); }});
  }
  for (const int step : {1, 2}) {
    for (const int direction : {1, -1}) {
      if (step == 2 && direction < 0) continue;  // a strided gradient has a step of 1
      table.push_back(
          {"TMA copies pixels, step " + std::to_string(step) + " direction " + std::to_string(direction), 0, [=] {
             return pixels_arrive(step, direction, 0, 0, 0, 0) + pixels_arrive(step, direction, 5, 2, 1, 64) +
                    pixels_arrive(step, direction, 23, 1, 2, 8);
           }});
    }
  }
  table.push_back({"tensor maps that the driver refuses", 0, maps_are_refused});
  table.push_back({"wgmma in bf16", 0, [] { return product_holds<false, true>(0, true); }});
  table.push_back({"wgmma in f16, the last 16 of the depth", 0, [] { return product_holds<false, false>(3, true); }});
  table.push_back({"wgmma in bf16 with A turned", 0, [] { return product_holds<true, true>(2, true); }});
  table.push_back({"wgmma in f16 with A turned", 0, [] { return product_holds<true, false>(0, true); }});
  add_bugs(table);
}

}  // namespace selvage::test

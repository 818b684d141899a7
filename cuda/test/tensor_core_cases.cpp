// Which lane of a warp holds which element of a fragment, by a table of constants that is not ours; and how the models
// of a tensor core add.
#include <algorithm>
#include <cmath>
#include <vector>

#include "cases.h"
#include "common/kernel.cuh"
#include "gemm/tile.cuh"
#include "simt/tensor_core.h"

namespace selvage::test {
namespace {

using cuda::bf16;

// A layout of CuTe (CUTLASS 3, cute/atom/mma_traits_sm80.hpp), (lane, value) to a place in a matrix that is stored by
// columns: lanes of shape (4,8), values of shape (2,2,2), and the stride of each.
struct Layout {
  int rows, lane_low, lane_high, values[3];
  int place(int lane, int value) const {
    return lane % 4 * lane_low + lane / 4 * lane_high + (value & 1) * values[0] + (value >> 1 & 1) * values[1] +
           (value >> 2) * values[2];
  }
  int row(int lane, int value) const { return place(lane, value) % rows; }
  int column(int lane, int value) const { return place(lane, value) / rows; }
};

constexpr Layout kLeft16{16, 32, 1, {16, 8, 128}};    // SM80_16x8x16_F32BF16BF16F32_TN, ALayout: (m,k)
constexpr Layout kRight16{8, 16, 1, {8, 64, 0}};      // BLayout: (n,k)
constexpr Layout kSums{16, 32, 1, {16, 8, 0}};        // CLayout, of every mma here: (m,n)
constexpr Layout kLeftTf32{16, 16, 1, {8, 64, 0}};    // SM80_16x8x8_F32TF32TF32F32_TN, ALayout
constexpr Layout kRightTf32{8, 8, 1, {32, 0, 0}};     // BLayout
constexpr Layout kLeftTuring{16, 32, 1, {16, 8, 0}};  // SM80_16x8x8_F32F16F16F32_TN, which sm_75 has, ALayout
constexpr Layout kRightTuring{8, 16, 1, {8, 0, 0}};   // BLayout

float left_value(int m, int k) { return static_cast<float>((m * 5 + k * 3) % 11 - 5); }
float right_value(int k, int n) { return static_cast<float>((k * 7 + n * 2) % 13 - 6); }

// d = the product of 16 x kDepth and kDepth x 8 by one mma, each lane with the fragments that `left` and `right` give
// it. kWhich: 0 bf16, 1 f16, 2 tf32.
template <int kWhich>
__global__ void one_mma(const uint32_t* left, const uint32_t* right, float* sums) {
  const unsigned lane = threadIdx.x;
  uint32_t a[4], b[1][2];
  float d[1][4] = {};
  for (int i = 0; i < 4; ++i) a[i] = left[4 * lane + i];
  for (int i = 0; i < 2; ++i) b[0][i] = right[2 * lane + i];
  if (kWhich == 0) cuda::mma_bf16(d, a, b);
  if (kWhich == 1) cuda::mma_f16(d, a, b);
  if (kWhich == 2) cuda::mma_tf32(d, a, b);
  for (int i = 0; i < 4; ++i) sums[4 * lane + i] = d[0][i];
}

uint32_t bits(float value, int which) {
  return which == 0 ? __float2bfloat16(value).bits : which == 1 ? __float2half(value).bits : simt::bits_of(value);
}

template <int kWhich>
double mma_holds(const Layout& a, const Layout& b) {
  constexpr int kDepth = kWhich == 2 ? 8 : 16, kPacked = kWhich == 2 ? 1 : 2;
  std::vector<uint32_t> left(128), right(64);
  std::vector<float> sums(128);
  for (int lane = 0; lane < 32; ++lane) {
    for (int v = 0; v < 4 * kPacked; ++v)
      left[4 * lane + v / kPacked] |= bits(left_value(a.row(lane, v), a.column(lane, v)), kWhich) << v % kPacked * 16;
    for (int v = 0; v < 2 * kPacked; ++v)
      right[2 * lane + v / kPacked] |= bits(right_value(b.column(lane, v), b.row(lane, v)), kWhich) << v % kPacked * 16;
  }
  LAUNCH(one_mma<kWhich>, 1, 32, 0, left.data(), right.data(), sums.data());
  double worst = 0;
  for (int lane = 0; lane < 32; ++lane) {
    for (int v = 0; v < 4; ++v) {
      float expected = 0;
      for (int k = 0; k < kDepth; ++k)
        expected += left_value(kSums.row(lane, v), k) * right_value(k, kSums.column(lane, v));
      worst = std::max(worst, std::abs(static_cast<double>(sums[4 * lane + v]) - expected));
    }
  }
  return worst;
}

// sm_75 multiplies 16 deep by two products 8 deep, each with half of the registers.
double halves_of_turing() {
  double wrong = 0;
  for (int lane = 0; lane < 32; ++lane) {
    for (int half = 0; half < 2; ++half) {
      for (int v = 0; v < 4; ++v) wrong += kLeft16.place(lane, 4 * half + v) != kLeftTuring.place(lane, v) + half * 128;
      for (int v = 0; v < 2; ++v)
        wrong += kRight16.place(lane, 2 * half + v) != kRightTuring.place(lane, v) + half * 64;
    }
  }
  return wrong;
}

// The fragments that the matrix kernels load with ldmatrix from a stage whose element at (place, depth) is 16 place +
// depth, which bf16 holds exactly up to 256.
template <bool kAlongDepth>
__global__ void load_fragments(uint32_t* left, uint32_t* right) {
  using StageA = cuda::Stage<bf16, 64, kAlongDepth>;
  using StageB = cuda::Stage<bf16, 64, false>;
  DYNAMIC_SHARED(bf16, stages);
  bf16 *a = stages, *b = stages + StageA::kElements;
  for (int i = static_cast<int>(threadIdx.x); i < 16 * cuda::kDepth<bf16>; i += 32) {
    const int place = i % 16, depth = i / 16;
    a[StageA::at(place, depth)] = b[StageB::at(place, depth)] =
        __float2bfloat16(static_cast<float>(16 * place + depth));
  }
  __syncwarp();
  uint32_t of_a[4], of_b[2][2];
  cuda::load_left<StageA>(of_a, a, 0, 0);
  cuda::load_right<StageB>(of_b[0], of_b[1], b, 0, 0);
  for (int i = 0; i < 4; ++i) {
    left[4 * threadIdx.x + i] = of_a[i];
    right[4 * threadIdx.x + i] = of_b[i / 2][i % 2];
  }
}

template <bool kAlongDepth>
double fragments_hold() {
  std::vector<uint32_t> left(128), right(128);
  LAUNCH(load_fragments<kAlongDepth>, 1, 32, 8192, left.data(), right.data());
  const auto value = [](uint32_t packed, int v) {
    return static_cast<int>(__bfloat162float({static_cast<uint16_t>(packed >> v % 2 * 16)}));
  };
  double wrong = 0;
  for (int lane = 0; lane < 32; ++lane) {
    for (int v = 0; v < 8; ++v) {
      wrong += value(left[4 * lane + v / 2], v) != 16 * kLeft16.row(lane, v) + kLeft16.column(lane, v);
      const int piece = v / 4, n = kRight16.row(lane, v % 4) + 8 * piece;  // two pieces of eight columns
      wrong += value(right[4 * lane + v / 2], v) != 16 * n + kRight16.column(lane, v % 4);
    }
  }
  return wrong;
}

// 1 + the products, each a power of two times one, in units of 2^-23 above 1.
struct Addition {
  std::string name;
  std::vector<std::pair<int, float>> products;  // place along the depth, value
  double plain, ampere, hopper;
};

template <int kDepth>
double adds(const Addition& a, simt::TensorCore core, double expected) {
  float left[16][kDepth] = {}, right[kDepth][8] = {}, sums[16][8] = {{1}};
  for (const auto& [k, value] : a.products) left[0][k] = value, right[k][0] = 1;
  simt::set_tensor_core(core);
  simt::multiply_add<kDepth>(sums, left, right, -126);
  return std::abs((static_cast<double>(sums[0][0]) - 1) * 0x1p23 - expected);
}

template <int kDepth>
void add_additions(Table& table, const std::string& depth, const std::vector<Addition>& additions) {
  using simt::TensorCore;
  for (const Addition& a : additions) {
    table.push_back({"tensor core, " + depth + ": " + a.name, 0, [=] {
                       return adds<kDepth>(a, TensorCore::plain, a.plain) +
                              adds<kDepth>(a, TensorCore::ampere, a.ampere) +
                              adds<kDepth>(a, TensorCore::hopper, a.hopper);
                     }});
  }
}

}  // namespace

void add_tensor_core_cases(Table& table) {
  table.push_back({"fragments of mma in bf16 lie as CuTe has them", 0, [] { return mma_holds<0>(kLeft16, kRight16); }});
  table.push_back({"fragments of mma in f16 lie as CuTe has them", 0, [] { return mma_holds<1>(kLeft16, kRight16); }});
  table.push_back(
      {"fragments of mma in tf32 lie as CuTe has them", 0, [] { return mma_holds<2>(kLeftTf32, kRightTf32); }});
  table.push_back({"fragments of sm_75 lie as CuTe has them", 0, halves_of_turing});
  table.push_back({"ldmatrix gives the fragments, rows along the depth", 0, fragments_hold<true>});
  table.push_back({"ldmatrix gives the fragments, rows along C", 0, fragments_hold<false>});
  const float ulp = 0x1p-23f;
  add_additions<16>(table, "16 bits",
                    {{"a product of 3/4 ulp is cut", {{0, 0.75f * ulp}}, 1, 0, 0},
                     {"two products of 1/2 ulp", {{0, 0.5f * ulp}, {3, 0.5f * ulp}}, 1, 1, 1},
                     {"1/2 ulp in each half", {{0, 0.5f * ulp}, {8, 0.5f * ulp}}, 1, 0, 1},
                     {"four of 1/4 ulp", {{0, ulp / 4}, {1, ulp / 4}, {2, ulp / 4}, {3, ulp / 4}}, 1, 0, 1},
                     {"a larger product decides", {{0, 8}, {1, 4 * ulp}, {2, -8}}, 0, 4, 4},
                     {"a larger product cuts", {{0, 64}, {1, 16 * ulp}, {2, -64}}, 0, 0, 16}});
  add_additions<8>(table, "tf32",
                   {{"1/2 ulp in each half", {{0, 0.5f * ulp}, {4, 0.5f * ulp}}, 1, 0, 1},
                    {"two of 1/2 ulp in a half", {{4, 0.5f * ulp}, {5, 0.5f * ulp}}, 1, 1, 1}});
}

}  // namespace selvage::test

#include "ptx.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "launch.h"
#include "races.h"
#include "tensor_core.h"

namespace selvage::cuda {

using simt::Lanes;
using simt::running;
using simt::violation;

namespace {

bool aligned(const void* address, size_t bytes) { return reinterpret_cast<uintptr_t>(address) % bytes == 0; }

void finish(const simt::AsyncCopy& c) {
  simt::races_write(*running, c.to, c.bytes);
  if (c.from == nullptr) {
    std::memset(c.to, 0, c.bytes);
  } else {
    simt::memory_read(c.from, c.bytes);
    std::memcpy(c.to, c.from, c.bytes);
  }
}

}  // namespace

template <int kBytes>
void copy_async(void* shared, const void* global, bool valid) {
  static_assert(kBytes == 4 || kBytes == 8 || kBytes == 16);
  if (!aligned(shared, kBytes) || (valid && !aligned(global, kBytes))) {
    violation("misaligned cp.async of " + std::to_string(kBytes) + " bytes");
  }
  simt::races_copy_begins(*running, shared, kBytes);
  running->copies.push_back({shared, valid ? global : nullptr, kBytes});
}
template void copy_async<4>(void*, const void*, bool);
template void copy_async<8>(void*, const void*, bool);
template void copy_async<16>(void*, const void*, bool);

void commit_copies() { running->copy_groups.push_back(running->copies.size()); }

void wait_for_copies(int newest_left) {
  auto& groups = running->copy_groups;
  auto& copies = running->copies;
  const int count = static_cast<int>(groups.size()) - newest_left;
  if (count <= 0) return;
  const size_t end = groups[count - 1];
  std::for_each(copies.begin(), copies.begin() + end, finish);
  copies.erase(copies.begin(), copies.begin() + end);
  groups.erase(groups.begin(), groups.begin() + count);
  for (size_t& of_group : groups) of_group -= end;
}

namespace {

struct Matrix {
  const void* row;
  uint32_t* registers;
  const simt::Thread* thread;
};

// Lane 8 i + r brings the address of row r of matrix i, eight 16-bit values; lane l receives from row l / 4 the values
// 2 (l mod 4) and the next, or transposed from rows 2 (l mod 4) and the next the value l / 4.
template <int kCount>
void load_matrix(uint32_t (&r)[kCount], const void* row, bool transposed, int line) {
  const bool brings = simt::lane() < 8 * kCount;
  if (brings && !aligned(row, 16)) violation("misaligned row of ldmatrix");
  Matrix slot{row, r, running};
  simt::collective(
      0xffffffffu, &slot,
      [transposed](const Lanes& lanes) {
        uint16_t values[kCount][8][8];
        for (int i = 0; i < 8 * kCount; ++i) {
          const Matrix* from = lanes.at<Matrix>(i);
          if (from == nullptr) violation("ldmatrix without all 32 lanes");
          simt::races_read(*from->thread, from->row, 16);
          std::memcpy(values[i / 8][i % 8], from->row, 16);
        }
        for (int l = 0; l < 32; ++l) {
          Matrix* to = lanes.at<Matrix>(l);
          if (to == nullptr) violation("ldmatrix without all 32 lanes");
          const int outer = l / 4, inner = l % 4 * 2;
          for (int i = 0; i < kCount; ++i) {
            const uint32_t low = transposed ? values[i][inner][outer] : values[i][outer][inner];
            const uint32_t high = transposed ? values[i][inner + 1][outer] : values[i][outer][inner + 1];
            to->registers[i] = low | high << 16;
          }
        }
      },
      line);
}

struct Products {
  int count;
  float (*d)[4];
  const uint32_t* a;
  const uint32_t (*b)[2];
};

float of_bf16(uint32_t bits) { return __bfloat162float({static_cast<uint16_t>(bits)}); }
float of_f16(uint32_t bits) { return __half2float({static_cast<uint16_t>(bits)}); }
float of_tf32(uint32_t bits) { return simt::float_of(bits & 0xffffe000u); }

// Lane l holds, with g = l / 4 and t = l mod 4, of d rows g and g + 8, columns 2t and 2t + 1; of a the same rows and of
// b column g, at k = t for 32-bit operands and 2t, 2t + 1 for 16-bit ones, and again at k + K / 2.
//
// Products that follow each other with the same a are one collective: what costs most is to change from lane to lane.
template <int kDepth, float (*kValue)(uint32_t), int kSmallestExponent>
void multiply(int count, float (*d)[4], const uint32_t (&a)[4], const uint32_t (*b)[2], int line) {
  Products slot{count, d, a, b};
  simt::collective(
      0xffffffffu, &slot,
      [](const Lanes& lanes) {
        constexpr int kPacked = kDepth == 16 ? 2 : 1;
        const auto depth = [](int lane, int half, int i) { return half * kDepth / 2 + lane % 4 * kPacked + i; };
        float left[16][kDepth], right[kDepth][8], sums[16][8];
        for (int l = 0; l < 32; ++l) {
          const Products* p = lanes.at<Products>(l);
          if (p == nullptr) violation("mma without all 32 lanes");
          for (int half = 0; half < 2; ++half) {
            for (int i = 0; i < kPacked; ++i) {
              left[l / 4][depth(l, half, i)] = kValue(p->a[2 * half] >> 16 * i);
              left[l / 4 + 8][depth(l, half, i)] = kValue(p->a[2 * half + 1] >> 16 * i);
            }
          }
        }
        for (int j = 0; j < lanes.at<Products>(0)->count; ++j) {
          for (int l = 0; l < 32; ++l) {
            const Products* p = lanes.at<Products>(l);
            for (int half = 0; half < 2; ++half) {
              for (int i = 0; i < kPacked; ++i) right[depth(l, half, i)][l / 4] = kValue(p->b[j][half] >> 16 * i);
            }
            for (int i = 0; i < 4; ++i) sums[l / 4 + i / 2 * 8][l % 4 * 2 + i % 2] = p->d[j][i];
          }
          simt::multiply_add<kDepth>(sums, left, right, kSmallestExponent);
          for (int l = 0; l < 32; ++l) {
            float* to = lanes.at<Products>(l)->d[j];
            for (int i = 0; i < 4; ++i) to[i] = sums[l / 4 + i / 2 * 8][l % 4 * 2 + i % 2];
          }
        }
      },
      line);
}

}  // namespace

void load_matrix_x4(uint32_t (&r)[4], const void* row, int line) { load_matrix(r, row, false, line); }
void load_matrix_x2(uint32_t (&r)[2], const void* row, int line) { load_matrix(r, row, false, line); }
void load_matrix_x4_transposed(uint32_t (&r)[4], const void* row, int line) { load_matrix(r, row, true, line); }
void load_matrix_x2_transposed(uint32_t (&r)[2], const void* row, int line) { load_matrix(r, row, true, line); }

void multiply_bf16(int count, float (*d)[4], const uint32_t (&a)[4], const uint32_t (*b)[2], int line) {
  multiply<16, of_bf16, -126>(count, d, a, b, line);
}
void multiply_f16(int count, float (*d)[4], const uint32_t (&a)[4], const uint32_t (*b)[2], int line) {
  multiply<16, of_f16, -14>(count, d, a, b, line);
}
uint32_t to_tf32(float value) { return (simt::bits_of(value) + 0x1000u) & 0xffffe000u; }
void multiply_tf32(int count, float (*d)[4], const uint32_t (&a)[4], const uint32_t (*b)[2], int line) {
  multiply<8, of_tf32, -126>(count, d, a, b, line);
}

}  // namespace selvage::cuda

// The one-dimensional transforms of F(M,3), M results of a filter of three taps from M + 2 products (Winograd, 1980;
// Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks", 2016, section 4). The matrices follow from the
// points at which polynomials are evaluated (Toom-Cook): 0 (if ZERO), +-POINTS/16 and infinity. Pairs of opposite
// points share their even and odd halves. These points keep the rounding error small.
#pragma once

#include "cpu/simd/vec.h"

namespace selvage::cpu {
namespace {

SELVAGE_INLINE V fma(float factor, V x, V y) { return factor * x + y; }

template <bool ZERO, int... POINTS>
struct Toom {
  static constexpr int kPairs = sizeof...(POINTS), kZero = ZERO, kProducts = 2 * kPairs + kZero + 1,
                       kResults = kProducts - 2;
  struct Constants {
    float point[kPairs] = {(POINTS / 16.0f)...};
    // coefficients of z^k in the product of (z - p_j^2) over j != i; the last: over all j
    float others[kPairs + 1][kPairs + 1] = {};
    // 1 / M'(point) and 1 / M'(0), M the product of (x - point)
    float scale[kPairs] = {}, scale_zero = 1;

    constexpr Constants() {
      for (int i = 0; i <= kPairs; ++i) {
        others[i][0] = 1;
        for (int j = 0; j < kPairs; ++j) {
          if (j == i) continue;
          for (int k = kPairs; k >= 0; --k) {
            others[i][k] = (k > 0 ? others[i][k - 1] : 0) - point[j] * point[j] * others[i][k];
          }
        }
      }
      for (int i = 0; i < kPairs; ++i) {
        double derivative = 2.0 * point[i] * (ZERO ? point[i] : 1);
        for (int j = 0; j < kPairs; ++j) {
          if (j != i) derivative *= double(point[i]) * point[i] - double(point[j]) * point[j];
        }
        scale[i] = static_cast<float>(1 / derivative);
        scale_zero /= -point[i] * point[i];
      }
    }
  };
  static constexpr Constants C{};

  // One of those polynomials in x^2, of a degree in z.
  static SELVAGE_INLINE V polynomial(int i, int degree, const V* d) {
    V sum = d[2 * degree];
    SELVAGE_UNROLL for (int k = degree - 1; k >= 0; --k) sum = fma(C.others[i][k], d[2 * k], sum);
    return sum;
  }
  // B^T d, of kProducts values
  static SELVAGE_INLINE void data(const V* d, V* v) {
    if (ZERO) v[0] = polynomial(kPairs, kPairs, d);
    SELVAGE_UNROLL for (int i = 0; i < kPairs; ++i) {
      const V odd = polynomial(i, kPairs - 1, d + kZero), even = polynomial(i, kPairs - 1, d + kZero + 1);
      v[kZero + 2 * i] = fma(C.point[i], odd, even);
      v[kZero + 2 * i + 1] = fma(-C.point[i], odd, even);
    }
    v[kProducts - 1] = polynomial(kPairs, kPairs, d + kZero);
  }
  // A^T m, of kProducts values
  static SELVAGE_INLINE void results(const V* m, V* y) {
    V power[2][kPairs];
    SELVAGE_UNROLL for (int i = 0; i < kPairs; ++i) {
      const V plus = m[kZero + 2 * i], minus = m[kZero + 2 * i + 1];
      power[0][i] = plus + minus;
      power[1][i] = C.point[i] * (plus - minus);
    }
    SELVAGE_UNROLL for (int j = 0; j < kResults; ++j) {
      V sum = power[j % 2][0];
      if (j == kResults - 1) sum = m[kProducts - 1] + sum;
      if (j == 0 && ZERO) sum = m[0] + sum;
      SELVAGE_UNROLL for (int i = 1; i < kPairs; ++i) sum += power[j % 2][i];
      y[j] = sum;
      SELVAGE_UNROLL for (int i = 0; i < kPairs; ++i) power[j % 2][i] *= C.point[i] * C.point[i];
    }
  }
  // A y, of kResults values
  static SELVAGE_INLINE void result_grads(const V* y, V* g) {
    if (ZERO) g[0] = y[0];
    SELVAGE_UNROLL for (int i = 0; i < kPairs; ++i) {
      const float square = C.point[i] * C.point[i];
      constexpr int kEven = (kResults - 1) / 2 * 2, kOdd = kResults / 2 * 2 - 1;
      V even = y[kEven], odd = y[kOdd];
      SELVAGE_UNROLL for (int j = kEven - 2; j >= 0; j -= 2) even = fma(square, even, y[j]);
      SELVAGE_UNROLL for (int j = kOdd - 2; j >= 1; j -= 2) odd = fma(square, odd, y[j]);
      g[kZero + 2 * i] = fma(C.point[i], odd, even);
      g[kZero + 2 * i + 1] = fma(-C.point[i], odd, even);
    }
    g[kProducts - 1] = y[kResults - 1];
  }
  // G g, of three values
  static SELVAGE_INLINE void weights(const V* g, V* u) {
    if (ZERO) u[0] = C.scale_zero * g[0];
    SELVAGE_UNROLL for (int i = 0; i < kPairs; ++i) {
      const V even = C.scale[i] * fma(C.point[i] * C.point[i], g[2], g[0]), odd = (C.scale[i] * C.point[i]) * g[1];
      u[kZero + 2 * i] = even + odd;
      u[kZero + 2 * i + 1] = ZERO ? even - odd : odd - even;
    }
    u[kProducts - 1] = g[2];
  }
  // G^T u, of kProducts values
  static SELVAGE_INLINE void weight_grads(const V* u, V* g) {
    g[0] = ZERO ? C.scale_zero * u[0] : V{};
    g[1] = V{};
    g[2] = u[kProducts - 1];
    SELVAGE_UNROLL for (int i = 0; i < kPairs; ++i) {
      const V plus = u[kZero + 2 * i], minus = ZERO ? u[kZero + 2 * i + 1] : -u[kZero + 2 * i + 1];
      const V even = C.scale[i] * (plus + minus);
      g[0] += even;
      g[1] = fma(C.scale[i] * C.point[i], plus - minus, g[1]);
      g[2] = fma(C.point[i] * C.point[i], even, g[2]);
    }
  }
};

using F2 = Toom<true, 16>;          // 0, +-1
using F3 = Toom<false, 7, 21>;      // +-7/16, +-21/16
using F4 = Toom<true, 10, 24>;      // 0, +-5/8, +-3/2
using F5 = Toom<false, 5, 14, 28>;  // +-5/16, +-7/8, +-7/4

}  // namespace
}  // namespace selvage::cpu

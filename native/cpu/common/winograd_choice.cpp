#include "cpu/common/winograd_choice.h"

namespace selvage::cpu {
namespace {

int64_t results(WinogradTile tile) { return static_cast<int64_t>(tile) + 2; }

int64_t tiles(const ConvShape& s, WinogradTile tile) {
  const int64_t m = results(tile);
  return s.n * ((s.h + m - 1) / m) * ((s.w + m - 1) / m);
}

// Products for each channel of x and y.
int64_t products(const ConvShape& s, WinogradTile tile) {
  return tiles(s, tile) * (results(tile) + 2) * (results(tile) + 2);
}

bool fits(const ConvShape& s) { return s.kh == 3 && s.kw == 3 && s.stride == 1 && s.pad == 1 && s.n > 0; }

// Of float32. Large tiles need the fewest products, but as many transformed weights as products of a tile, which few
// tiles do not make up for. Measured by `bench kernels` on one Zen 5 core, in GFLOP/s of direct convolution (which has
// 190): 512x512 at 16x16 F2 280, F4 196, F5 127; 256x256 at 32x32 F2 421, F4 480, F5 367; gradients of weights alike.
WinogradTile float_tile(const ConvShape& s) {
  if (tiles(s, WinogradTile::f4) < 64) return WinogradTile::f2;
  if (tiles(s, WinogradTile::f5) < 150) return WinogradTile::f4;
  return 20 * products(s, WinogradTile::f5) < 19 * products(s, WinogradTile::f4) ? WinogradTile::f5 : WinogradTile::f4;
}

// Of bf16, whose rounding grows with the tile: relative to exact results, F2 loses 4e-3, F3 6e-3 and F4 1e-2, where
// direct convolution loses 2e-3.
WinogradTile bf16_tile(const ConvShape& s) {
  return tiles(s, WinogradTile::f3) < 64 ? WinogradTile::f2 : WinogradTile::f3;
}

constexpr int64_t kFewChannels = 16;  // the transforms would cost more than they save

}  // namespace

std::optional<WinogradTile> winograd_tile(const ConvShape& s, Type type) {
  if (!fits(s) || s.in < kFewChannels || s.out < kFewChannels) return std::nullopt;
  return type == Type::f32 ? float_tile(s) : bf16_tile(s);
}

int64_t winograd_flops(const ConvShape& s, WinogradTile tile) { return 2 * products(s, tile) * s.in * s.out; }

}  // namespace selvage::cpu

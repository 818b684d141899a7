// 3x3 convolutions of stride 1 by Winograd's transforms in both dimensions (Lavin & Gray, 2016, sections 4 and 5): a
// tile of results needs one product for each of its transformed places, instead of nine for each result.
#pragma once

#include "cpu/common/allocator.h"
#include "cpu/common/thread_pool.h"
#include "cpu/simd/kernels.h"
#include "cpu/simd/pack.h"
#include "cpu/simd/tile.h"
#include "cpu/simd/toom.h"

namespace selvage::cpu {
namespace {

// Both dimensions of a tile: FROM x FROM values that `read` gives to TO x TO that `write` takes.
template <int FROM, int TO, auto STEP, typename Read, typename Write>
SELVAGE_INLINE void both(const Read& read, const Write& write) {
  V half[TO][FROM];
  SELVAGE_UNROLL for (int j = 0; j < FROM; ++j) {
    V in[FROM], out[TO];
    SELVAGE_UNROLL for (int i = 0; i < FROM; ++i) in[i] = read(i, j);
    STEP(in, out);
    SELVAGE_UNROLL for (int i = 0; i < TO; ++i) half[i][j] = out[i];
  }
  SELVAGE_UNROLL for (int i = 0; i < TO; ++i) {
    V out[TO];
    STEP(half[i], out);
    SELVAGE_UNROLL for (int j = 0; j < TO; ++j) write(i * TO + j, out[j]);
  }
}

// body(channel, lanes, whole) for vectors of channels; whole: std::true_type-like, so that only the last is masked.
struct Whole {
  static constexpr bool kWhole = true;
};
struct Part {
  static constexpr bool kWhole = false;
};
template <typename Body>
SELVAGE_INLINE void for_vectors(int64_t begin, int64_t end, const Body& body) {
  int64_t c = begin;
  for (; c + kLanes <= end; c += kLanes) body(c, kLanes, Whole());
  if (c < end) body(c, end - c, Part());
}
template <typename W, typename T>
SELVAGE_INLINE V load_lanes(const T* p, int64_t count, W) {
  if constexpr (W::kWhole)
    return load(p);
  else
    return load(p, count);
}

template <typename F, typename T>
struct WinogradConv {
  static constexpr int N = F::kProducts, M = F::kResults, P = N * N, kPer = kPerWord<T>;
  static constexpr int64_t kPad = 16 * kPer;  // a cache line between planes, which would share places otherwise

  explicit WinogradConv(const Winograd& shape)
      : s(shape),
        down((s.h + M - 1) / M),
        across((s.w + M - 1) / M),
        tiles(s.n * down * across),
        depth(round_up(s.in, 16)),
        wide(round_up(s.out, kLanes)) {}

  const Winograd s;
  const int64_t down, across, tiles;  // of all images in one row
  const int64_t depth, wide;          // channels of x and of y, filled up

  // Addresses of the SIDE x SIDE pixels of a tile, from `margin` before it; `outside` where there is no pixel.
  template <int SIDE, typename E>
  SELVAGE_INLINE void pixels(int64_t tile, E* map, int64_t channels, E* outside, int64_t margin, E** to) const {
    const int64_t y0 = tile / across % down * M - margin, x0 = tile % across * M - margin;
    E* image = map + tile / (down * across) * s.h * s.w * channels;
    for (int64_t y = y0; y < y0 + SIDE; ++y) {
      for (int64_t x = x0; x < x0 + SIDE; ++x) {
        *to++ = y >= 0 && y < s.h && x >= 0 && x < s.w ? image + (y * s.w + x) * channels : outside;
      }
    }
  }

  // Tiles [t0, t0 + count) transformed to planes [P][count / PER][row] of PER tiles as neighbours; tiles that are none
  // are zero.
  template <int SIDE, auto STEP, int PER>
  void spread(const T* map, int64_t channels, const T* zeros, int64_t margin, int64_t t0, int64_t count, T* to,
              int64_t row, int64_t plane) const {
    for (int64_t t = 0; t < count; t += PER, to += row * PER) {
      const T* from[PER][SIDE * SIDE];
      for (int q = 0; q < PER; ++q) {
        if (t + q < count && t0 + t + q < tiles) {
          pixels<SIDE>(t0 + t + q, map, channels, zeros, margin, from[q]);
        } else {
          for (const T*& p : from[q]) p = zeros;
        }
      }
      for_vectors(0, channels, [&](int64_t c, int64_t lanes, auto whole) {
        V even[P];
        both<SIDE, N, STEP>([&](int i, int j) { return load_lanes(from[0][i * SIDE + j] + c, lanes, whole); },
                            [&](int p, V v) {
                              if constexpr (PER == 1) {
                                store(to + p * plane + c, v);
                              } else {
                                even[p] = v;
                              }
                            });
        if constexpr (PER == 2) {
          both<SIDE, N, STEP>([&](int i, int j) { return load_lanes(from[1][i * SIDE + j] + c, lanes, whole); },
                              [&](int p, V v) { store_words(to + p * plane + c * 2, even[p], v); });
        }
      });
      for (int64_t c = round_up(channels, kLanes); c < round_up(channels, 16); ++c) {  // up to a whole row
        for (int p = 0; p < P; ++p) std::memset(to + p * plane + c * PER, 0, PER * sizeof(T));
      }
    }
  }

  int64_t panels() const { return (wide + kPanel - 1) / kPanel; }
  int64_t panel_columns(int64_t j) const { return least(kPanel, wide - j * kPanel); }
  int64_t words() const { return depth / kPer; }
  int64_t transformed_size() const { return P * words() * wide; }

  // The transforms of the taps of x's channels c (and c + 1), by a vector of y's channels.
  template <typename Taps>
  SELVAGE_INLINE void transform_taps(const Taps& taps, T* to, int64_t plane) const {
    V even[P];
    both<3, N, F::weights>([&](int y, int x) { return taps(3 * y + x, 0); },
                           [&](int p, V v) {
                             if constexpr (kPer == 1) {
                               store(to + p * plane, v);
                             } else {
                               even[p] = v;
                             }
                           });
    if constexpr (kPer == 2) {
      both<3, N, F::weights>([&](int y, int x) { return taps(3 * y + x, 1); },
                             [&](int p, V v) { store_words(to + p * plane, even[p], v); });
    }
  }

  void transform(const float* w, float* to) const {
    T* u = reinterpret_cast<T*>(to);
    if (s.turned) {
      transform_turned(w, u);
    } else {
      transform_weights(w, u);
    }
  }

  // Weights [3,3,in,out] to panels [P][words][columns].
  void transform_weights(const float* w, T* u) const {
    const int64_t block = 4, blocks = depth / block;
    for_pieces(blocks, [&](int64_t i) {
      for (int64_t j = 0; j < panels(); ++j) {
        const int64_t columns = panel_columns(j);
        T* panel = u + j * kPanel * P * depth;
        for (int64_t c = i * block; c < (i + 1) * block; c += kPer) {
          for_vectors(j * kPanel, least((j + 1) * kPanel, s.out), [&](int64_t k, int64_t lanes, auto whole) {
            const auto taps = [&](int tap, int64_t channel) {
              return c + channel < s.in ? load_lanes(w + (tap * s.in + c + channel) * s.out + k, lanes, whole) : V{};
            };
            transform_taps(taps, panel + (c / kPer * columns + k - j * kPanel) * kPer, depth * columns);
          });
        }
      }
    });
  }

  // Weights [3,3,out,in], turned by 180 degrees, likewise.
  void transform_turned(const float* w, T* u) const {
    const int64_t block = 64, blocks = (depth + block - 1) / block;
    for_pieces(panels() * blocks, [&](int64_t i) {
      const int64_t j = i / blocks, columns = panel_columns(j), first = i % blocks * block;
      T* panel = u + j * kPanel * P * depth;
      for (int64_t k = j * kPanel; k < least((j + 1) * kPanel, s.out); k += kLanes) {
        for (int64_t c = first; c < least(first + block, depth); c += kLanes) {
          V taps[9][kLanes];
          for (int64_t tap = 0; tap < 9; ++tap) {
            turn_block<float>(taps[8 - tap], w + (tap * s.out + k) * s.in + c, s.in, s.out - k, s.in - c);
          }
          for (int64_t q = 0; q < kLanes; q += kPer) {
            transform_taps([&](int tap, int64_t channel) { return taps[tap][q + channel]; },
                           panel + ((c + q) / kPer * columns + k - j * kPanel) * kPer, depth * columns);
          }
        }
      }
    });
  }

  // Products [P][count][columns] of one panel to y, with bias, residual and ReLU.
  void collect(const float* m, int64_t columns, int64_t plane, int64_t t0, int64_t count, int64_t k0, T* y,
               const float* bias, const T* residual, bool relu) const {
    const V low = V{} + (relu ? 0.0f : -__builtin_inff());
    const int64_t k1 = least(k0 + columns, s.out);
    for (int64_t t = 0; t < count; ++t) {
      T* to[M * M];
      pixels<M>(t0 + t, y, s.out, static_cast<T*>(nullptr), 0, to);
      for_vectors(k0, k1, [&](int64_t k, int64_t lanes, auto whole) {
        const float* from = m + t * columns + k - k0;
        const V shift = bias == nullptr ? V{} : load_lanes(bias + k, lanes, whole);
        both<N, M, F::results>([&](int i, int j) { return load(from + (i * N + j) * plane); },
                               [&](int p, V v) {
                                 if (to[p] == nullptr) return;
                                 v += shift;
                                 if (residual != nullptr) v += load_lanes(residual + (to[p] - y) + k, lanes, whole);
                                 v = v < low ? low : v;  // NaN stays
                                 if constexpr (decltype(whole)::kWhole) {
                                   store(to[p] + k, v);
                                 } else {
                                   store(to[p] + k, v, lanes);
                                 }
                               });
      });
    }
  }

  // What `forward` has in common for all pieces.
  struct Convolution {
    T* y;
    const T *x, *weights;
    const float* bias;
    const T* residual;
    bool relu;
    const T* zeros;
  };

  // Some transformed tiles by panel j, to y. `tile`: the first of them.
  void finish_panel(const Convolution& c, const T* v, int64_t plane, int64_t tile, int64_t count, int64_t j,
                    float* products, int64_t m_plane) const {
    const int64_t columns = panel_columns(j);
    for (int p = 0; p < P; ++p) {
      multiply<T, false>(count, words(), v + p * plane, depth, c.weights + (j * kPanel * P + p * columns) * depth,
                         columns, columns / kLanes, {products + p * m_plane, columns, false});
    }
    collect(products, columns, m_plane, tile, count, j * kPanel, c.y, c.bias, c.residual, c.relu);
  }

  // Tiles whose transforms fill some bytes.
  int64_t tiles_in(int64_t bytes) const { return bytes / (P * depth * static_cast<int64_t>(sizeof(T))); }

  void forward(T* y, const T* x, const float* transformed, const float* bias, const T* residual, bool relu) const {
    Scratch no_pixel(depth);
    std::memset(no_pixel.data(), 0, depth * sizeof(float));
    const Convolution c = {y,        x,    reinterpret_cast<const T*>(transformed),    bias,
                           residual, relu, reinterpret_cast<const T*>(no_pixel.data())};
    // Few weights, up to 4 MB, come again from the third cache while a piece's tiles stay in the second. Many are read
    // less often: a piece has more tiles.
    const bool few_weights = transformed_size() <= 1 << 20;
    const int64_t fit = most(tiles_in(few_weights ? 1 << 19 : 1 << 21) / kTileRows * kTileRows, 2 * kTileRows);
    if (tiles < 8 * fit) {
      few_tiles(c);
    } else {
      many_tiles(c, fit);
    }
  }

  // Each piece is some tiles by all panels.
  void many_tiles(const Convolution& c, int64_t fit) const {
    const int64_t blocks = (tiles + fit - 1) / fit, step = round_up((tiles + blocks - 1) / blocks, kTileRows);
    const int64_t plane = step * depth + kPad, m_plane = step * kPanel + 16;
    for_pieces(blocks, [&](int64_t i) {
      const int64_t t0 = i * step, count = least(step, tiles - t0);
      if (count <= 0) return;
      Scratch spread_tiles(P * plane / kPer), products(P * m_plane);
      T* v = reinterpret_cast<T*>(spread_tiles.data());
      spread<N, F::data, 1>(c.x, s.in, c.zeros, 1, t0, count, v, depth, plane);
      for (int64_t j = 0; j < panels(); ++j) finish_panel(c, v, plane, t0, count, j, products.data(), m_plane);
    });
  }

  // Pieces of few tiles would read all weights, which are more than the tiles, again and again. So all threads
  // transform the tiles, and then each piece is one panel by all of them, or by some where panels are few.
  void few_tiles(const Convolution& c) const {
    const int64_t fit = most(tiles_in(1 << 22), kTileRows), blocks = (tiles + fit - 1) / fit;
    const int64_t step = round_up((tiles + blocks - 1) / blocks, kTileRows), plane = step * depth + kPad;
    // products that stay in the second cache, and eight pieces
    const int64_t fewest = most((8 + panels() - 1) / panels(), step * P * kPanel / (1 << 17));
    const int64_t splits = most(1, least(fewest, step / kTileRows));
    const int64_t rows = round_up((step + splits - 1) / splits, kTileRows), m_plane = rows * kPanel + 16;
    Scratch spread_tiles(P * plane / kPer);
    T* v = reinterpret_cast<T*>(spread_tiles.data());
    for (int64_t t0 = 0; t0 < tiles; t0 += step) {
      const int64_t count = least(step, tiles - t0), few = 8, parts = (count + few - 1) / few;
      for_pieces(parts, [&](int64_t i) {
        const int64_t first = i * few, some = least(few, count - first);
        spread<N, F::data, 1>(c.x, s.in, c.zeros, 1, t0 + first, some, v + first * depth, depth, plane);
      });
      for_pieces(panels() * splits, [&](int64_t i) {
        const int64_t first = i % splits * rows, some = least(rows, count - first);
        if (some <= 0) return;
        Scratch products(P * m_plane);
        finish_panel(c, v + first * depth, plane, t0 + first, some, i / splits, products.data(), m_plane);
      });
    }
  }

  // The sums of all tiles, [P][in][wide], in blocks of tiles that stay in the caches; then their transforms.
  void weight_grad(float* dw, const T* x, const T* dy) const {
    const int64_t fit = 128 * kPer, blocks = (tiles + fit - 1) / fit;
    const int64_t step = round_up((tiles + blocks - 1) / blocks, 2);
    const int64_t x_row = depth + 16, y_row = round_up(s.out, 16) + 16;  // elements of a tile
    const int64_t x_plane = step * x_row + kPad, y_plane = step * y_row + kPad;
    const int64_t longest = most(depth, y_row);
    Scratch x_tiles(P * x_plane / kPer), y_tiles(P * y_plane / kPer), sums(P * s.in * wide), no_pixel(longest);
    T *v = reinterpret_cast<T*>(x_tiles.data()), *g = reinterpret_cast<T*>(y_tiles.data());
    std::memset(no_pixel.data(), 0, longest * sizeof(float));
    const auto* zeros = reinterpret_cast<const T*>(no_pixel.data());
    for (int64_t t0 = 0; t0 < tiles; t0 += step) {
      const int64_t count = least(step, tiles - t0), few = 8, parts = (count + few - 1) / few;
      for_pieces(2 * parts, [&](int64_t i) {
        const int64_t first = i / 2 * few, some = least(few, count - first);
        if (i % 2 == 0) {
          spread<N, F::data, kPer>(x, s.in, zeros, 1, t0 + first, some, v + first * x_row, x_row, x_plane);
        } else {
          spread<M, F::result_grads, kPer>(dy, s.out, zeros, 0, t0 + first, some, g + first * y_row, y_row, y_plane);
        }
      });
      const int64_t rows = 16 * kTileRows, groups = (s.in + rows - 1) / rows;
      for_pieces(P * groups, [&](int64_t i) {
        const int64_t p = i / groups, c0 = i % groups * rows, c1 = least(c0 + rows, s.in);
        for (int64_t k = 0; k < wide; k += kPanel) {
          multiply<T, true>(c1 - c0, round_up(count, kPer) / kPer, v + p * x_plane + c0 * kPer, x_row * kPer,
                            g + p * y_plane + k * kPer, y_row, least(kPanel, wide - k) / kLanes,
                            {sums.data() + (p * s.in + c0) * wide + k, wide, t0 > 0});
        }
      });
    }
    for_pieces(s.in, [&](int64_t c) {
      for_vectors(0, s.out, [&](int64_t k, int64_t lanes, auto) {
        both<N, 3, F::weight_grads>(
            [&](int i, int j) { return load(sums.data() + ((i * N + j) * s.in + c) * wide + k); },
            [&](int p, V r) { store(dw + (p * s.in + c) * s.out + k, r, lanes); });
      });
    });
  }
};

template <typename T, typename Body>
void with_tile(const Winograd& shape, const Body& body) {
  switch (shape.tile) {
    case WinogradTile::f2:
      return body(WinogradConv<F2, T>(shape));
    case WinogradTile::f3:
      return body(WinogradConv<F3, T>(shape));
    case WinogradTile::f4:
      return body(WinogradConv<F4, T>(shape));
    case WinogradTile::f5:
      return body(WinogradConv<F5, T>(shape));
  }
}

template <typename T>
int64_t transformed_size(const Winograd& shape) {
  int64_t size = 0;
  with_tile<T>(shape, [&](const auto& conv) { size = conv.transformed_size(); });
  return size;
}

template <typename T>
void transform(const Winograd& shape, const float* weights, float* transformed) {
  with_tile<T>(shape, [&](const auto& conv) { conv.transform(weights, transformed); });
}

template <typename T>
void winograd(const Winograd& shape, void* y, const void* x, const float* transformed, const float* bias,
              const void* residual, bool relu) {
  with_tile<T>(shape, [&](const auto& conv) {
    conv.forward(static_cast<T*>(y), static_cast<const T*>(x), transformed, bias, static_cast<const T*>(residual),
                 relu);
  });
}

template <typename T>
void winograd_weight_grad(const Winograd& shape, float* dw, const void* x, const void* dy) {
  with_tile<T>(shape,
               [&](const auto& conv) { conv.weight_grad(dw, static_cast<const T*>(x), static_cast<const T*>(dy)); });
}

}  // namespace
}  // namespace selvage::cpu

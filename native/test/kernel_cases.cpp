// The kernels of every kind of instructions that this processor has, not only those that it would choose.
#include <algorithm>
#include <string>
#include <vector>

#include "conv_shape.h"
#include "cpu/common/allocator.h"
#include "cpu/simd/kernels.h"
#include "elements.h"
#include "harness.h"

namespace selvage::test {
namespace {

using cpu::Kernels;
using cpu::Product;
using cpu::Rows;
using cpu::Winograd;
using cpu::WinogradTile;

struct Kind {
  std::string name;
  const Kernels& kernels;
  Type type;
};

std::vector<Kind> kinds() {
  std::vector<Kind> found = {{"baseline", cpu::kBaselineKernels, Type::f32}};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    found.push_back({"AVX2", cpu::kAvx2Kernels, Type::f32});
  }
  if (__builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")) {
    found.push_back({"AVX-512", cpu::kAvx512Kernels, Type::f32});
  }
  if (has_bf16_instructions()) found.push_back({"bf16", cpu::kAvx512Bf16Kernels, Type::bf16});
  return found;
}

// Values that the type has, so that only the kernels round.
Ptr values(const Shape& shape, int seed, Type type) { return as_type(*random(shape, seed), type); }

struct Sizes {
  int64_t m, n, k;
};

void add_product(Table& table, const Kind& kind, const Sizes& s, bool a_turned, bool b_turned, bool float_b) {
  const std::string name = "product " + kind.name + " " + text({s.m, s.n, s.k}) + (a_turned ? " of columns" : "") +
                           (b_turned ? " by columns" : "") + (float_b ? " by floats" : "");
  table.push_back(
      {name, kind.type == Type::f32 ? 1e-6 : 4e-3, [=] {
         const Ptr a = values(a_turned ? Shape{s.k, s.m} : Shape{s.m, s.k}, 1, kind.type);
         const Ptr b = values(b_turned ? Shape{s.n, s.k} : Shape{s.k, s.n}, 2, float_b ? Type::f32 : kind.type);
         const Ptr r = values({s.m, s.n}, 3, kind.type), c = empty({s.m, s.n}, kind.type);
         const Ptr bias = random({s.n}, 4);
         const Product p = {s.m,           s.n,
                            s.k,           Rows{a->as<void>(), a->type(), a->dim(1)},
                            a_turned,      Rows{b->as<void>(), b->type(), b->dim(1)},
                            b_turned,      c->as<void>(),
                            c->type(),     bias->data(),
                            r->as<void>(), true};
         cpu::Scratch packed(kind.kernels.packed_size(p));
         if (!a_turned) kind.kernels.pack(p, packed.data());
         kind.kernels.product(p, packed.data());
         const Ptr fa = as_floats(*a), fb = as_floats(*b), fr = as_floats(*r);
         std::vector<double> expected(s.m * s.n);
         for (int64_t i = 0; i < s.m; ++i) {
           for (int64_t j = 0; j < s.n; ++j) {
             double sum = static_cast<double>(bias->data()[j]) + fr->data()[i * s.n + j];
             for (int64_t k = 0; k < s.k; ++k) {
               sum += static_cast<double>(fa->data()[a_turned ? k * s.m + i : i * s.k + k]) *
                      fb->data()[b_turned ? j * s.k + k : k * s.n + j];
             }
             expected[i * s.n + j] = std::max(sum, 0.0);
           }
         }
         return distance(*as_floats(*c), expected);
       }});
}

// body(place in x, tap, place in y) for every pair of pixels of a 3x3 convolution.
template <typename Body>
void for_taps(const Winograd& s, const Body& body) {
  for (int64_t o = 0; o < s.n * s.h * s.w; ++o) {
    const int64_t ox = o % s.w, oy = o / s.w % s.h, image = o / s.w / s.h;
    for (int64_t tap = 0; tap < 9; ++tap) {
      const int64_t iy = oy + tap / 3 - 1, ix = ox + tap % 3 - 1;
      if (iy >= 0 && iy < s.h && ix >= 0 && ix < s.w) body((image * s.h + iy) * s.w + ix, tap, o);
    }
  }
}

void add_winograd(Table& table, const Kind& kind, const Winograd& s) {
  const std::string name = kind.name + " F" + std::to_string(static_cast<int>(s.tile) + 2) + " " +
                           text({s.n, s.h, s.w, s.in}) + " to " + std::to_string(s.out);
  // What larger tiles lose: their points are further from 1.
  const double loss = (1 << static_cast<int>(s.tile)) * (s.in > 1000 ? 2 : 1);  // and what long sums do
  const double limit = loss * (kind.type == Type::f32 ? 1e-6 : 5e-3);
  table.push_back({"winograd " + name, limit, [=] {
                     const Ptr x = values({s.n, s.h, s.w, s.in}, 1, kind.type), w = random({3, 3, s.in, s.out}, 2);
                     const Ptr r = values({s.n, s.h, s.w, s.out}, 3, kind.type), y = empty(shape_of(*r), kind.type);
                     const Ptr bias = random({s.out}, 4);
                     cpu::Scratch transformed(kind.kernels.transformed_size(s));
                     kind.kernels.transform(s, w->data(), transformed.data());
                     kind.kernels.winograd(s, y->as<void>(), x->as<void>(), transformed.data(), bias->data(),
                                           r->as<void>(), true);
                     const Ptr fx = as_floats(*x), fr = as_floats(*r);
                     std::vector<double> expected(y->size());
                     for (int64_t i = 0; i < y->size(); ++i) {
                       expected[i] = static_cast<double>(bias->data()[i % s.out]) + fr->data()[i];
                     }
                     for_taps(s, [&](int64_t i, int64_t tap, int64_t o) {
                       for (int64_t c = 0; c < s.in; ++c) {
                         for (int64_t k = 0; k < s.out; ++k) {
                           expected[o * s.out + k] +=
                               static_cast<double>(fx->data()[i * s.in + c]) * w->data()[(tap * s.in + c) * s.out + k];
                         }
                       }
                     });
                     for (double& e : expected) e = std::max(e, 0.0);
                     return distance(*as_floats(*y), expected);
                   }});
  table.push_back({"winograd weight_grad " + name, limit, [=] {
                     const Ptr x = values({s.n, s.h, s.w, s.in}, 1, kind.type);
                     const Ptr dy = values({s.n, s.h, s.w, s.out}, 2, kind.type), dw = empty({3, 3, s.in, s.out});
                     kind.kernels.winograd_weight_grad(s, dw->data(), x->as<void>(), dy->as<void>());
                     const Ptr fx = as_floats(*x), fy = as_floats(*dy);
                     std::vector<double> expected(dw->size(), 0.0);
                     for_taps(s, [&](int64_t i, int64_t tap, int64_t o) {
                       for (int64_t c = 0; c < s.in; ++c) {
                         for (int64_t k = 0; k < s.out; ++k) {
                           expected[(tap * s.in + c) * s.out + k] +=
                               static_cast<double>(fx->data()[i * s.in + c]) * fy->data()[o * s.out + k];
                         }
                       }
                     });
                     return distance(*dw, expected);
                   }});
}

// So deep that 120 tiles are more than eight times those whose transforms fit into the caches.
Winograd many_tiles(WinogradTile tile, Type type) {
  const int64_t results = static_cast<int64_t>(tile) + 2, products = (results + 2) * (results + 2);
  return {tile, 1, 11 * results, 11 * results - 1, (1 << 21) / (17 * products * bytes_of(type)), 2};
}

}  // namespace

void add_kernel_cases(Table& table) {
  for (const Kind& kind : kinds()) {
    for (const Sizes& s : {Sizes{1, 1, 1}, Sizes{7, 65, 3}, Sizes{100, 130, 70}, Sizes{13, 16, 2100},
                           Sizes{205, 300, 1}, Sizes{70, 130, 600}, Sizes{5, 9, 0}}) {
      for (const bool a_turned : {false, true}) {
        for (const bool b_turned : {false, true}) {
          add_product(table, kind, s, a_turned, b_turned, false);
          if (kind.type != Type::f32) add_product(table, kind, s, a_turned, b_turned, true);
        }
      }
    }
    for (const WinogradTile tile : {WinogradTile::f2, WinogradTile::f3, WinogradTile::f4, WinogradTile::f5}) {
      for (const Winograd& s : {Winograd{tile, 1, 1, 1, 1, 1}, Winograd{tile, 2, 7, 5, 17, 9},
                                Winograd{tile, 1, 13, 22, 34, 70}, Winograd{tile, 3, 8, 10, 64, 64}}) {
        add_winograd(table, kind, s);
      }
      add_winograd(table, kind, many_tiles(tile, kind.type));
    }
  }
}

}  // namespace selvage::test

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>
#include <utility>

#include "block_cache.h"
#include "harness.h"

namespace selvage::test {
namespace {

void* fresh(int64_t bytes) { return std::aligned_alloc(64, (bytes + 63) / 64 * 64); }
void drop(void* block) { std::free(block); }

}  // namespace

void add_tensor_cases(Table& table) {
  table.push_back({"tensor: a view shares memory", 0, [] {
                     const Ptr base = random({4, 6}, 1);
                     const int64_t shape[] = {2, 3};
                     const Ptr view(tensor_view(base.get(), 5, shape, 2));
                     fill(view.get(), 7.0f);
                     return base->data()[5] == 7 && base->data()[10] == 7 && base->data()[4] != 7 ? 0.0 : 1.0;
                   }});
  table.push_back({"tensor: a view beyond its base is refused", 0, [] {
                     const Ptr base = random({4, 6}, 1);
                     const int64_t shape[] = {5, 5};
                     return throws([&] { tensor_view(base.get(), 0, shape, 2); },
                                   "tensor_view: base [4,6] needs 25 elements from 0 on, has 24");
                   }});
  table.push_back(
      {"tensor: sizes and offsets that overflow are refused", 0, [] {
         const Ptr base = random({4, 6}, 1);
         const int64_t few[] = {2}, many[] = {(int64_t{1} << 61) + 1}, product[] = {int64_t{1} << 40, 1 << 30};
         return throws([&] { tensor_view(base.get(), INT64_MAX, few, 1); },
                       "tensor_view: base [4,6] needs 2 elements from 9223372036854775807 on, has 24") +
                throws([&] { tensor_new(many, 1, 0); },
                       "tensor_new: elements need to be at most 2^60, dimension 0 of 2305843009213693953 "
                       "makes them more") +
                throws([&] { tensor_new(product, 2, 0); },
                       "tensor_new: elements need to be at most 2^60, dimension 1 of 1073741824 makes them "
                       "more");
       }});
  table.push_back({"tensor: memory is used again", 0, [] {
                     { const Ptr warm = empty({1000, 1000}); }
                     const int64_t before = allocated_bytes();
                     for (int i = 0; i < 50; ++i) {
                       const Ptr t = empty({1000, 999 + i % 2});
                     }
                     return static_cast<double>(allocated_bytes() - before);
                   }});
  table.push_back({"tensor: sizes that vary do not add up", 0, [] {
                     const int64_t before = allocated_bytes();
                     const int64_t largest = 10'000'000;
                     for (int64_t n = largest / 200; n <= largest; n += largest / 200) {
                       const Ptr t = empty({n});
                     }
                     return allocated_bytes() - before <= 5 * largest ? 0.0 : 1.0;
                   }});
  table.push_back({"memory: blocks of any size and order never touch each other, and join again", 0, [] {
                     BlockCache cache(fresh, drop, 64, true);
                     std::mt19937 random(3);
                     std::vector<std::pair<char*, int64_t>> blocks;
                     int64_t in_use = 0, most = 0;
                     double wrong = 0;
                     for (int i = 0; i < 4'000; ++i) {
                       if (blocks.size() < 40 || random() % 2 == 0) {
                         const unsigned largest = 1u << (random() % 23);
                         const int64_t bytes = random() % largest;
                         char* block = static_cast<char*>(cache.allocate(bytes));
                         if (reinterpret_cast<uintptr_t>(block) % 64 != 0) ++wrong;
                         std::fill_n(block, bytes, static_cast<char>(bytes));
                         blocks.push_back({block, bytes});
                         in_use += bytes;
                         most = std::max(most, in_use);
                       } else {
                         std::swap(blocks[random() % blocks.size()], blocks.back());
                         const auto [block, bytes] = blocks.back();
                         blocks.pop_back();
                         if (std::count(block, block + bytes, static_cast<char>(bytes)) != bytes) ++wrong;
                         cache.release(block, bytes);
                         in_use -= bytes;
                       }
                     }
                     if (cache.allocated_bytes() > most + most / 4 + (16 << 20)) ++wrong;
                     for (const auto& [block, bytes] : blocks) cache.release(block, bytes);
                     // All is one piece again where it came in one piece.
                     const int64_t held = cache.allocated_bytes();
                     cache.release(cache.allocate(16 << 20), 16 << 20);
                     return wrong + (cache.allocated_bytes() == held ? 0 : 1);
                   }});
  table.push_back({"memory: segments that are free make room for a larger one", 0, [] {
                     BlockCache cache(fresh, drop, 64, true);
                     cache.release(cache.allocate(20 << 20), 20 << 20);
                     cache.release(cache.allocate(60 << 20), 60 << 20);
                     return static_cast<double>(cache.allocated_bytes() - (60 << 20));
                   }});
  table.push_back({"tensor: empty ones are allowed", 0, [] {
                     const Ptr t = empty({0, 4});
                     fill(t.get(), 1.0f);
                     return static_cast<double>(t->size()) + sum(t.get());
                   }});
  table.push_back({"tensor: bf16 is rounded to the nearest, ties to even", 0, [] {
                     const float infinity = std::numeric_limits<float>::infinity();
                     // 1 + 2^-8 lies between 1 and 1 + 2^-7, 1 + 3 2^-8 between 1 + 2^-7 and 1 + 2^-6.
                     const Ptr x = of({8}, {1, 1 + 1 / 256.0f, 1 + 3 / 256.0f, 1 + 1.01f / 256, -3.4e38f, infinity, 0,
                                            std::numeric_limits<float>::denorm_min() * 0x18000});
                     const Ptr y = as_floats(*as_type(*x, Type::bf16));
                     const float expected[] = {1,        1, 1 + 1 / 64.0f,         1 + 1 / 128.0f, -infinity,
                                               infinity, 0, std::ldexp(1.0f, -132)};
                     return std::memcmp(y->data(), expected, sizeof(expected)) == 0 ? 0.0 : 1.0;
                   }});
  table.push_back({"tensor: NaN stays NaN in the short types", 0, [] {
                     double wrong = 0;
                     for (int64_t n : {1, 40}) {
                       const Ptr x = empty({n});
                       fill(x.get(), NAN);
                       const uint32_t all = 0xffffffff, last = 0x7f800001;
                       std::memcpy(x->data(), &all, 4);
                       std::memcpy(x->data() + n - 1, &last, 4);
                       for (Type type : {Type::bf16, Type::f16}) {
                         const Ptr y = as_floats(*as_type(*x, type));
                         for (int64_t i = 0; i < n; ++i) wrong += !std::isnan(y->data()[i]);
                       }
                     }
                     return wrong;
                   }});
  for (int64_t n : {1, 17, 40961}) {
    table.push_back({"cast " + std::to_string(n), 0, [n] {
                       const Ptr x = random({n}, 1);
                       double wrong = 0;
                       for (Type type : {Type::f32, Type::bf16, Type::f16}) {
                         const Ptr y = empty({n}, type), back = empty({n}), expected = as_floats(*as_type(*x, type));
                         cast(y.get(), x.get());
                         cast(back.get(), y.get());
                         wrong += std::memcmp(back->data(), expected->data(), n * sizeof(float)) != 0;
                       }
                       return wrong;
                     }});
  }
  table.push_back({"tensor: types are not mixed", 0, [] {
                     const Ptr x = empty({3}), y = empty({3}, Type::bf16);
                     return throws([&] { add(y.get(), x.get()); }, "add: y [3] needs type f32, has bf16");
                   }});
  table.push_back({"tensor: an unknown type is refused", 0, [] {
                     const int64_t shape[] = {3};
                     return throws([&] { tensor_new(shape, 1, 3); },
                                   "tensor_new: type needs 0 (f32), 1 (bf16) or 2 (f16), is 3");
                   }});
  table.push_back({"tensor: upload names what is wrong", 0, [] {
                     const Ptr t = empty({2, 3});
                     const float values[] = {1};
                     return throws([&] { tensor_upload(t.get(), values, 1); },
                                   "tensor_upload: tensor [2,3] needs 1 elements, has 6");
                   }});
}

void add_device_cases(Table& table) {
  table.push_back({"device: the CPU can be selected", 0, [] {
                     select_device("cpu", "");
                     return std::string(selected_device()) == "cpu" ? 0.0 : 1.0;
                   }});
  table.push_back({"device: an unknown name is refused", 0, [] {
                     return throws([] { select_device("cuda:x", ""); },
                                   "select_device: device needs cpu, cuda or cuda:N, is cuda:x");
                   }});
  table.push_back({"device: a precision that it lacks is refused", 0, [] {
                     select_precision("f32");
                     return throws([] { select_precision("bf16"); }, "select_precision: cpu has no products in bf16") +
                            throws([] { select_precision("f64"); },
                                   "select_precision: precision needs f32, tf32, bf16 or f16, is f64");
                   }});
  table.push_back({"device: a type that it lacks is refused", 0, [] {
                     const int64_t shape[] = {3};
                     return has_type(2) ? 1.0
                                        : throws([&] { tensor_new(shape, 1, 2); },
                                                 "tensor_new: cpu has no tensors of type f16");
                   }});
  table.push_back({"device: a missing library is named", 0, [] {
                     return throws(
                         [] { select_device("cuda", "/nowhere/libselvage_cuda.so"); },
                         "select_device: the CUDA backend is missing: /nowhere/libselvage_cuda.so: cannot open "
                         "shared object file: No such file or directory");
                   }});
}

}  // namespace selvage::test

// The instructions of sm_90a that C++ has no words for, each in one function: mbarriers, copies by TMA, products by
// warpgroups. cuda/simt/mbarrier.h, tma.h and wgmma.h declare the same for the CPU and say what each does. Addresses
// are those of the shared window.
#pragma once

#include <cstdint>

#ifdef __CUDACC__
#include <cuda.h>

#include "common/ptx.cuh"

namespace selvage::cuda {

__device__ __forceinline__ void barrier_init(uint32_t barrier, int arrivals) {
  asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;\n" ::"r"(barrier), "r"(arrivals) : "memory");
}
__device__ __forceinline__ void publish_barriers() {
  asm volatile("fence.mbarrier_init.release.cluster;\n" ::: "memory");
}
__device__ __forceinline__ void barrier_arrive(uint32_t barrier) {
  asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];\n" ::"r"(barrier) : "memory");
}
__device__ __forceinline__ void barrier_arrive_expecting(uint32_t barrier, int bytes) {
  asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;\n" ::"r"(barrier), "r"(bytes) : "memory");
}
__device__ __forceinline__ void barrier_wait(uint32_t barrier, uint32_t parity) {
  uint32_t over;
  do {
    asm volatile(
        "{\n.reg .pred over;\n"
        "mbarrier.try_wait.parity.shared::cta.b64 over, [%1], %2;\n"
        "selp.b32 %0, 1, 0, over;\n}\n"
        : "=r"(over)
        : "r"(barrier), "r"(parity)
        : "memory");
  } while (over == 0);
}
__device__ __forceinline__ void fence_async_proxy() { asm volatile("fence.proxy.async.shared::cta;\n" ::: "memory"); }

// Registers of the warpgroup's threads, given back or taken.
template <int kRegisters>
__device__ __forceinline__ void give_registers() {
  asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;\n" ::"n"(kRegisters));
}
template <int kRegisters>
__device__ __forceinline__ void take_registers() {
  asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;\n" ::"n"(kRegisters));
}

__device__ __forceinline__ void copy_box(uint32_t to, const CUtensorMap& map, int c0, int c1, int c2,
                                         uint32_t barrier) {
  asm volatile(
      "cp.async.bulk.tensor.3d.shared::cluster.global.tile.mbarrier::complete_tx::bytes [%0], [%1, {%2, %3, %4}], "
      "[%5];\n" ::"r"(to),
      "l"(&map), "r"(c0), "r"(c1), "r"(c2), "r"(barrier)
      : "memory");
}
__device__ __forceinline__ void copy_pixels(uint32_t to, const CUtensorMap& map, int c, int w, int h, int n, int right,
                                            int down, uint32_t barrier) {
  asm volatile(
      "cp.async.bulk.tensor.4d.shared::cluster.global.im2col.mbarrier::complete_tx::bytes [%0], "
      "[%1, {%2, %3, %4, %5}], [%6], {%7, %8};\n" ::"r"(to),
      "l"(&map), "r"(c), "r"(w), "r"(h), "r"(n), "r"(barrier), "h"(static_cast<uint16_t>(right)),
      "h"(static_cast<uint16_t>(down))
      : "memory");
}

__device__ __forceinline__ void wgmma_fence() { asm volatile("wgmma.fence.sync.aligned;\n" ::: "memory"); }
__device__ __forceinline__ void wgmma_commit() { asm volatile("wgmma.commit_group.sync.aligned;\n" ::: "memory"); }
template <int kLeft>
__device__ __forceinline__ void wgmma_wait() {
  asm volatile("wgmma.wait_group.sync.aligned %0;\n" ::"n"(kLeft) : "memory");
}
// Nothing that reads or writes the sums moves across this.
template <int kCount>
__device__ __forceinline__ void keep_in_registers(float (&sums)[kCount]) {
#pragma unroll
  for (int i = 0; i < kCount; ++i) asm volatile("" : "+f"(sums[i])::"memory");
}

// The product of 64 x `columns` x 16. Its sums are the registers of d, %0 and so on; the other operands come behind
// them.
// clang-format off
#define SELVAGE_SUMS_16(i) \
  "+f"(d[i]), "+f"(d[i + 1]), "+f"(d[i + 2]), "+f"(d[i + 3]), "+f"(d[i + 4]), "+f"(d[i + 5]), "+f"(d[i + 6]), \
  "+f"(d[i + 7]), "+f"(d[i + 8]), "+f"(d[i + 9]), "+f"(d[i + 10]), "+f"(d[i + 11]), "+f"(d[i + 12]), \
  "+f"(d[i + 13]), "+f"(d[i + 14]), "+f"(d[i + 15])
#define SELVAGE_SUMS_64(i) SELVAGE_SUMS_16(i), SELVAGE_SUMS_16(i + 16), SELVAGE_SUMS_16(i + 32), SELVAGE_SUMS_16(i + 48)
#define SELVAGE_NAMES_64 \
  "%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15" \
  ",%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31" \
  ",%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47" \
  ",%48,%49,%50,%51,%52,%53,%54,%55,%56,%57,%58,%59,%60,%61,%62,%63"
#define SELVAGE_NAMES_128 SELVAGE_NAMES_64 \
  ",%64,%65,%66,%67,%68,%69,%70,%71,%72,%73,%74,%75,%76,%77,%78,%79" \
  ",%80,%81,%82,%83,%84,%85,%86,%87,%88,%89,%90,%91,%92,%93,%94,%95" \
  ",%96,%97,%98,%99,%100,%101,%102,%103,%104,%105,%106,%107,%108,%109,%110,%111" \
  ",%112,%113,%114,%115,%116,%117,%118,%119,%120,%121,%122,%123,%124,%125,%126,%127"
#define SELVAGE_WGMMA(type, columns, names, others, ...) \
  asm volatile( \
      "wgmma.mma_async.sync.aligned.m64n" columns "k16.f32." type "." type " {" names "}, " others ";\n" \
      : __VA_ARGS__ \
      : "l"(a), "l"(b), "n"(kTurnedA), "n"(kTurnedB))
// clang-format on

template <bool kTurnedA, bool kTurnedB, int kCount>
__device__ __forceinline__ void wgmma_bf16(float (&d)[kCount], uint64_t a, uint64_t b) {
  static_assert(kCount == 64 || kCount == 128);
  if constexpr (kCount == 64) {
    SELVAGE_WGMMA("bf16", "128", SELVAGE_NAMES_64, "%64, %65, 1, 1, 1, %66, %67", SELVAGE_SUMS_64(0));
  } else {
    SELVAGE_WGMMA("bf16", "256", SELVAGE_NAMES_128, "%128, %129, 1, 1, 1, %130, %131", SELVAGE_SUMS_64(0),
                  SELVAGE_SUMS_64(64));
  }
}
template <bool kTurnedA, bool kTurnedB, int kCount>
__device__ __forceinline__ void wgmma_f16(float (&d)[kCount], uint64_t a, uint64_t b) {
  static_assert(kCount == 64 || kCount == 128);
  if constexpr (kCount == 64) {
    SELVAGE_WGMMA("f16", "128", SELVAGE_NAMES_64, "%64, %65, 1, 1, 1, %66, %67", SELVAGE_SUMS_64(0));
  } else {
    SELVAGE_WGMMA("f16", "256", SELVAGE_NAMES_128, "%128, %129, 1, 1, 1, %130, %131", SELVAGE_SUMS_64(0),
                  SELVAGE_SUMS_64(64));
  }
}
#undef SELVAGE_WGMMA
#undef SELVAGE_NAMES_128
#undef SELVAGE_NAMES_64
#undef SELVAGE_SUMS_64
#undef SELVAGE_SUMS_16

}  // namespace selvage::cuda
#else
#include "simt/mbarrier.h"
#include "simt/tma.h"
#include "simt/wgmma.h"
#endif

#include "races.h"

#include <cstdint>
#include <string>
#include <vector>

#include "async_lines.h"
#include "launch.h"

// AddressSanitizer's: each ends the process if one of the bytes is not to be touched.
extern "C" {
void __asan_loadN(uintptr_t address, uintptr_t bytes);
void __asan_storeN(uintptr_t address, uintptr_t bytes);
}

namespace simt {
namespace {

constexpr int32_t kNobody = -1, kMany = -2;

// What happened to one byte since the last barrier.
struct Byte {
  uint32_t interval = 0;                       // between which barriers writer and reader were seen
  bool in_flight = false;                      // a cp.async has begun that will write it
  uint32_t block = 0;                          // the last block that wrote it
  int32_t writer = kNobody, reader = kNobody;  // linear thread, or kMany: readers of several warps
  uint32_t writer_syncs = 0, reader_syncs = 0;
};

struct Watched {
  uintptr_t begin;
  std::vector<Byte> bytes;
};

std::vector<Watched> watched;
uint32_t interval = 0, block = 0;

Watched* find(const void* address) {
  const uintptr_t at = reinterpret_cast<uintptr_t>(address);
  for (Watched& w : watched) {
    if (at - w.begin < w.bytes.size()) return &w;
  }
  return nullptr;
}

// Whether thread comes after `other`'s access by a collective of the warp that they share.
bool ordered(const Thread& thread, int32_t other, uint32_t syncs) {
  return other == static_cast<int32_t>(thread.linear) ||
         (other / 32 == static_cast<int32_t>(thread.linear / 32) && thread.warp_syncs > syncs);
}

[[noreturn]] void race(const char* what, const Thread& thread, int32_t other, size_t offset) {
  violation(std::string("race in shared memory: thread ") + std::to_string(thread.linear) + " " + what +
            (other == kMany ? std::string(" several threads") : " thread " + std::to_string(other)) + " at byte " +
            std::to_string(offset));
}

// Whether AddressSanitizer's shadow, a byte for each eight and 0 where all eight may be touched, says at a glance what
// its functions would: what lies between two blocks is at least 16 bytes. False if it does not say.
bool is_open(uintptr_t address, size_t bytes) {
  const auto shadow = [](uintptr_t at) { return *reinterpret_cast<const uint8_t*>((at >> 3) + 0x7fff8000); };
  return bytes <= 16 && shadow(address) == 0 && shadow(address + bytes - 1) == 0;
}

template <typename Visit>
void for_bytes(Watched& w, const void* address, size_t bytes, const Visit& visit) {
  const size_t offset = reinterpret_cast<uintptr_t>(address) - w.begin;
  for (size_t i = offset; i < offset + bytes; ++i) {
    Byte& byte = w.bytes[i];
    if (byte.interval != interval) byte.interval = interval, byte.writer = byte.reader = kNobody;
    visit(byte, i);
  }
}

}  // namespace

bool races_are_checked() { return true; }

void memory_read(const void* address, size_t bytes) {
  const uintptr_t at = reinterpret_cast<uintptr_t>(address);
  if (!is_open(at, bytes)) __asan_loadN(at, bytes);
}

void memory_write(const void* address, size_t bytes) {
  const uintptr_t at = reinterpret_cast<uintptr_t>(address);
  if (!is_open(at, bytes)) __asan_storeN(at, bytes);
}

void races_watch(const void* memory, size_t bytes) {
  watched.push_back({reinterpret_cast<uintptr_t>(memory), std::vector<Byte>(bytes)});
}
void races_forget() { watched.clear(); }
void races_begin_block() { ++block, ++interval; }
void races_barrier() { ++interval; }

void races_read(const Thread& thread, const void* address, size_t bytes) {
  memory_read(address, bytes);
  Watched* const shared = find(address);
  if (shared == nullptr) return;
  const int32_t self = static_cast<int32_t>(thread.linear);
  line_read(thread, address, bytes);
  for_bytes(*shared, address, bytes, [&](Byte& byte, size_t offset) {
    if (byte.in_flight)
      violation("read of shared memory that a cp.async has yet to write, at byte " + std::to_string(offset));
    if (byte.block != block) violation("read of uninitialised shared memory at byte " + std::to_string(offset));
    if (byte.writer != kNobody && !ordered(thread, byte.writer, byte.writer_syncs)) {
      race("reads what another wrote:", thread, byte.writer, offset);
    }
    const bool others = byte.reader != kNobody && byte.reader / 32 != self / 32;
    byte.reader = byte.reader == kMany || others ? kMany : self;
    byte.reader_syncs = thread.warp_syncs;
  });
}

void races_write(const Thread& thread, const void* address, size_t bytes) {
  memory_write(address, bytes);
  Watched* const shared = find(address);
  if (shared == nullptr) return;
  line_store(thread, address, bytes);
  for_bytes(*shared, address, bytes, [&](Byte& byte, size_t offset) {
    if (byte.writer != kNobody && !ordered(thread, byte.writer, byte.writer_syncs)) {
      race("writes what another wrote:", thread, byte.writer, offset);
    }
    if (byte.reader != kNobody && (byte.reader == kMany || !ordered(thread, byte.reader, byte.reader_syncs))) {
      race("writes what was read by", thread, byte.reader, offset);
    }
    byte.block = block;
    byte.in_flight = false;
    byte.writer = static_cast<int32_t>(thread.linear);
    byte.writer_syncs = thread.warp_syncs;
  });
}

void races_filled(const void* address, size_t bytes) {
  for_bytes(*find(address), address, bytes, [](Byte& byte, size_t) {
    byte.block = block;
    byte.writer = byte.reader = kNobody;
  });
}

void races_copy_begins(const Thread& thread, const void* address, size_t bytes) {
  races_write(thread, address, bytes);
  if (Watched* const shared = find(address)) {
    for_bytes(*shared, address, bytes, [](Byte& byte, size_t) { byte.in_flight = true; });
  }
}

}  // namespace simt

namespace {

void on_read(const void* address, size_t bytes) {
  if (simt::running != nullptr) {
    simt::races_read(*simt::running, address, bytes);
  } else {
    simt::memory_read(address, bytes);
  }
}

void on_write(const void* address, size_t bytes) {
  if (simt::running != nullptr) {
    simt::races_write(*simt::running, address, bytes);
  } else {
    simt::memory_write(address, bytes);
  }
}

}  // namespace

// The calls that the compiler puts at each access. Host code runs through them too: it has no running thread.
#define SIMT_HOOK(bytes)                                            \
  void __tsan_read##bytes(void* a) { on_read(a, bytes); }           \
  void __tsan_write##bytes(void* a) { on_write(a, bytes); }         \
  void __tsan_unaligned_read##bytes(void* a) { on_read(a, bytes); } \
  void __tsan_unaligned_write##bytes(void* a) { on_write(a, bytes); }
extern "C" {
void __tsan_init() {}
void __tsan_vptr_update(void*, void*) {}
// Of the guard of a static object in a function, and of a shared pointer's count, which no kernel has.
unsigned char __tsan_atomic8_load(const volatile unsigned char* a, int) { return __atomic_load_n(a, __ATOMIC_ACQUIRE); }
int __tsan_atomic32_fetch_add(volatile int* a, int more, int) { return __atomic_fetch_add(a, more, __ATOMIC_ACQ_REL); }
SIMT_HOOK(1)
SIMT_HOOK(2)
SIMT_HOOK(4)
SIMT_HOOK(8)
SIMT_HOOK(16)
void __tsan_read_range(void* a, unsigned long bytes) { on_read(a, bytes); }
void __tsan_write_range(void* a, unsigned long bytes) { on_write(a, bytes); }
}

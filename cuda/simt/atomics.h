// Atomics. Threads take turns here, so that plain arithmetic is atomic; the race check does not look at it.
#pragma once

#include <algorithm>

#include "races.h"

#define SIMT_ATOMIC __attribute__((no_sanitize("thread"), noinline))

template <typename T>
SIMT_ATOMIC T atomicAdd(T* address, T value) {
  simt::memory_write(address, sizeof(T));
  const T before = *address;
  *address = before + value;
  return before;
}
template <typename T>
SIMT_ATOMIC T atomicMax(T* address, T value) {
  simt::memory_write(address, sizeof(T));
  const T before = *address;
  *address = std::max(before, value);
  return before;
}
template <typename T>
SIMT_ATOMIC T atomicMin(T* address, T value) {
  simt::memory_write(address, sizeof(T));
  const T before = *address;
  *address = std::min(before, value);
  return before;
}
template <typename T>
SIMT_ATOMIC T atomicOr(T* address, T value) {
  simt::memory_write(address, sizeof(T));
  const T before = *address;
  *address = before | value;
  return before;
}
template <typename T>
SIMT_ATOMIC T atomicExch(T* address, T value) {
  simt::memory_write(address, sizeof(T));
  const T before = *address;
  *address = value;
  return before;
}
template <typename T>
SIMT_ATOMIC T atomicCAS(T* address, T expected, T value) {
  simt::memory_write(address, sizeof(T));
  const T before = *address;
  if (before == expected) *address = value;
  return before;
}

#include "shared_memory.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <vector>

#include "launch.h"
#include "races.h"

namespace simt {
namespace {

constexpr size_t kLimit = 99 << 10;  // what a block may have on every GPU since sm_80 but sm_75's 64 KB

struct Variable {
  const void* site;  // nullptr: the dynamic one
  void* memory;
  size_t bytes;
};
std::vector<Variable> variables;

void* add_variable(const void* site, size_t bytes) {
  size_t total = bytes;
  for (const Variable& v : variables) total += v.bytes;
  if (total > kLimit)
    violation("a block needs " + std::to_string(total) + " bytes of shared memory, limit " + std::to_string(kLimit));
  void* memory = nullptr;
  if (posix_memalign(&memory, 128, bytes) != 0) throw std::bad_alloc();
  std::memset(memory, 0xff, bytes);
  variables.push_back({site, memory, bytes});
  races_watch(memory, bytes);
  return memory;
}

}  // namespace

SharedMemory::SharedMemory(size_t dynamic_bytes) {
  if (dynamic_bytes > 0) add_variable(nullptr, dynamic_bytes);
}

SharedMemory::~SharedMemory() {
  for (const Variable& v : variables) std::free(v.memory);
  variables.clear();
  races_forget();
}

void shared_memory_begin_block() {
  for (const Variable& v : variables) std::memset(v.memory, 0xff, v.bytes);
  races_begin_block();
}

void shared_memory_barrier() { races_barrier(); }

void* dynamic_shared() {
  for (const Variable& v : variables) {
    if (v.site == nullptr) return v.memory;
  }
  violation("the kernel uses dynamic shared memory, the launch gives none");
}

void* static_shared(const void* site, size_t bytes) {
  for (const Variable& v : variables) {
    if (v.site == site) return v.memory;
  }
  return add_variable(site, bytes);
}

}  // namespace simt

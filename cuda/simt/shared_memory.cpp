#include "shared_memory.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <vector>

#include "launch.h"
#include "mbarrier.h"
#include "races.h"

namespace simt {
namespace {

constexpr size_t kLimit = 99 << 10;  // what a block may have on every GPU since sm_80 but sm_75's 64 KB
constexpr uint32_t kFirstAddress = 1024 + 128;

struct Variable {
  const void* site;  // nullptr: the dynamic one
  char* memory;
  size_t bytes;
  uint32_t address;
};
std::vector<Variable> variables;

void* add_variable(const void* site, size_t bytes) {
  uint32_t address = kFirstAddress;
  if (!variables.empty()) address = (variables.back().address + variables.back().bytes + 127) / 128 * 128;
  void* memory = nullptr;
  if (posix_memalign(&memory, 128, bytes) != 0) throw std::bad_alloc();
  std::memset(memory, 0xff, bytes);
  variables.push_back({site, static_cast<char*>(memory), bytes, address});
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

// A kernel with mbarriers runs on sm_90 alone: launch() has checked what it may have there.
void shared_memory_end_block() {
  size_t total = 0;
  for (const Variable& v : variables) total += v.bytes;
  if (total > (any_mbarrier() ? most_shared_bytes() : kLimit))
    violation("a block needs " + std::to_string(total) + " bytes of shared memory, limit " + std::to_string(kLimit));
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

namespace {

const Variable* find(const void* pointer) {
  const char* const place = static_cast<const char*>(pointer);
  for (const Variable& v : variables) {
    if (place >= v.memory && place < v.memory + v.bytes) return &v;
  }
  return nullptr;
}

}  // namespace

bool is_shared(const void* pointer) { return find(pointer) != nullptr; }

uint32_t shared_address(const void* pointer) {
  const Variable* const v = find(pointer);
  if (v == nullptr) violation("the shared address of what is not in shared memory");
  return v->address + static_cast<uint32_t>(static_cast<const char*>(pointer) - v->memory);
}

char* shared_pointer(uint32_t address, size_t bytes) {
  for (const Variable& v : variables) {
    if (address >= v.address && address + bytes <= v.address + v.bytes) return v.memory + (address - v.address);
  }
  violation("shared address " + std::to_string(address) + " lies in no variable");
}

}  // namespace simt

#include "backend.h"

#include <cstring>

#include "check.h"
#include "elements.h"
#include "ops.h"

namespace selvage::cpu {
namespace {

void copy_bytes(void* to, const void* from, int64_t bytes) {
  if (bytes > 0) std::memcpy(to, from, bytes);
}

bool only_f32(Precision precision) { return precision == Precision::f32; }
const char* no_cudnn(const char*) { return "the CPU has kernels of its own alone"; }
bool only_builtin(Convolutions chosen) { return chosen == Convolutions::builtin; }
void no_difference() {}
const char* no_nccl(const char*) { return "ranks on CPUs need none"; }

template <typename Result, typename... Arguments>
Result no_exchange(Arguments...) {
  unsupported("ranks", "the CPU has no exchange of its own");
}
bool has_type(Type type) { return type == Type::f32 || (type == Type::bf16 && has_bf16_instructions()); }

}  // namespace

#define SELVAGE_ENTRY(op) cpu::op,
const Backend kBackend = {"cpu",           "the CPU",
                          allocate,        release,
                          allocated_bytes, copy_bytes,
                          copy_bytes,      only_f32,
                          has_type,        no_cudnn,
                          only_builtin,    no_difference,
                          no_difference,   SELVAGE_OPS(SELVAGE_ENTRY) no_nccl,
                          no_exchange,     no_exchange,
                          no_exchange,     no_exchange,
                          no_exchange,     no_exchange,
                          no_exchange,     no_difference};
#undef SELVAGE_ENTRY

}  // namespace selvage::cpu

#include "fiber.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <new>

namespace simt {
namespace {

constexpr size_t kStackBytes = 128 << 10;  // sanitizers make frames several times larger

// The one place that resumes fibers, and the fiber that it resumed.
void* scheduler_stack_pointer = nullptr;
Fiber* resumed = nullptr;

// Saves the callee-saved registers and the stack pointer, and goes on where `to` was saved. By a jump: the processor
// expects a return to lead to its own call, and here it never would.
__attribute__((naked, noinline)) void switch_stack(void** /*save*/, void* /*to*/) {
  asm volatile(
      "pushq %rbp\n pushq %rbx\n pushq %r12\n pushq %r13\n pushq %r14\n pushq %r15\n"
      "movq %rsp,(%rdi)\n movq %rsi,%rsp\n"
      "popq %r15\n popq %r14\n popq %r13\n popq %r12\n popq %rbx\n popq %rbp\n"
      "popq %rcx\n jmp *%rcx\n");
}

}  // namespace

Fiber::Fiber() {
  void* memory = mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  stack_ = static_cast<unsigned char*>(memory);
}

Fiber::~Fiber() { munmap(stack_, kStackBytes); }

void Fiber::start(void (*body)(), unsigned stagger) {
  body_ = body;
  // Equal offsets in page-aligned stacks would fall on the same cache sets, hence a different start for each fiber.
  const uintptr_t top = reinterpret_cast<uintptr_t>(stack_) + kStackBytes - stagger % 61 * 64 - stagger % 7 * 4096;
  void** frame = reinterpret_cast<void**>(top & ~uintptr_t{63});
  *--frame = nullptr;  // where enter() returns to if it is resumed after its end
  *--frame = reinterpret_cast<void*>(&enter);
  for (int i = 0; i < 6; ++i) *--frame = nullptr;  // the registers that switch_stack pops
  stack_pointer_ = frame;
}

void Fiber::enter() {
  resumed->body_();
  resumed->leave();
}

void Fiber::leave() { switch_stack(&stack_pointer_, scheduler_stack_pointer); }

void Fiber::resume() {
  resumed = this;
  switch_stack(&scheduler_stack_pointer, stack_pointer_);
  resumed = nullptr;
}

void Fiber::suspend() { switch_stack(&stack_pointer_, scheduler_stack_pointer); }

void Fiber::suspend_for_good() {
  leave();
  std::abort();  // resumed after its end
}

}  // namespace simt

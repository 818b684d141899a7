// A stack of its own for every CUDA thread, and the switch between them (x86-64).
#pragma once

#include <cstddef>

namespace simt {

class Fiber {
 public:
  Fiber();
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // The next resume() calls body from its beginning, whatever the fiber did before. The fiber suspends for good when
  // body returns.
  void start(void (*body)(), unsigned stagger);
  void resume();   // runs the fiber until it suspends
  void suspend();  // from inside: back to resume()'s caller
  [[noreturn]] void suspend_for_good();

 private:
  static void enter();
  void leave();

  unsigned char* stack_;
  void* stack_pointer_ = nullptr;
  void (*body_)() = nullptr;
};

}  // namespace simt

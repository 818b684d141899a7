// The processors on which the threads of the CPU backend compute.
#include <sched.h>

#include <cstdio>
#include <thread>

#include "cpu/common/processor.h"
#include "harness.h"

namespace selvage::test {
namespace {

cpu_set_t usable() {
  cpu_set_t set;
  CPU_ZERO(&set);
  sched_getaffinity(0, sizeof(set), &set);
  return set;
}

// On a thread of its own, whose processors are then its own, too.
double on_thread(const std::function<bool()>& is_right) {
  bool right = false;
  std::thread([&] { right = is_right(); }).join();
  return right ? 0 : 1;
}

}  // namespace

void add_thread_cases(Table& table) {
  const cpu_set_t all = usable();
  if (CPU_COUNT(&all) < 2) {
    std::puts("skipped: threads that leave a processor, since this process may use one only");
    return;
  }
  table.push_back({"leave the current processor", 0, [] {
                     return on_thread([] {
                       const cpu_set_t before = usable();
                       int left = 0;
                       for (int i = 0; i < 20; ++i) {
                         const int here = cpu::current_processor();
                         cpu_set_t taken;
                         CPU_ZERO(&taken);
                         CPU_SET(here, &taken);
                         cpu::leave_processors(taken);
                         if (cpu::current_processor() != here) ++left;
                       }
                       const cpu_set_t after = usable();
                       return left >= 15 && CPU_EQUAL(&before, &after);  // the system may move it back at any time
                     });
                   }});
  table.push_back({"leave no processor where all are taken", 0, [] {
                     return on_thread([] {
                       const cpu_set_t before = usable();
                       cpu::leave_processors(before);
                       const cpu_set_t after = usable();
                       return static_cast<bool>(CPU_EQUAL(&before, &after));
                     });
                   }});
}

}  // namespace selvage::test

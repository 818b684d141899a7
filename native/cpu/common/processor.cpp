#include "cpu/common/processor.h"

namespace selvage::cpu {

int current_processor() { return sched_getcpu(); }

void leave_processors(const cpu_set_t& taken) {
  cpu_set_t usable;
  if (sched_getaffinity(0, sizeof(usable), &usable) != 0) return;
  cpu_set_t both, free;
  CPU_AND(&both, &usable, &taken);
  CPU_XOR(&free, &usable, &both);
  if (CPU_COUNT(&free) == 0 || sched_setaffinity(0, sizeof(free), &free) != 0) return;
  sched_setaffinity(0, sizeof(usable), &usable);
}

}  // namespace selvage::cpu

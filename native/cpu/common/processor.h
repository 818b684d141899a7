// On which processor a thread computes.
#pragma once

#include <sched.h>

namespace selvage::cpu {

// The number of the processor that the calling thread runs on; -1 where the system does not say.
int current_processor();

// Moves the calling thread to a processor that it may use and that is not in `taken`. Where there is none, it stays.
// The system may move it on from there: which processors the thread may use does not change. Costs some ten
// microseconds.
void leave_processors(const cpu_set_t& taken);

}  // namespace selvage::cpu

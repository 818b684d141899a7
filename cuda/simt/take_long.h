// So that one thing takes longer than another in a test. It is the thread's own time that passes: on a busy machine the
// other takes longer, too.
#pragma once

#include <ctime>

namespace simt {

inline void take_long(double milliseconds) {
  const auto now = [] {
    timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
  };
  for (const double end = now() + milliseconds; now() < end;) {
  }
}

}  // namespace simt

// A libcuda.so.1 for tests of the probe: FAKE_GPUS (1) of compute capability FAKE_CAPABILITY (90).
#include <cstdlib>

namespace {
int number(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoi(text);
}
}  // namespace

extern "C" {
#define DRIVER __attribute__((visibility("default")))
DRIVER int cuInit(unsigned);
DRIVER int cuDeviceGetCount(int*);
DRIVER int cuDeviceGetAttribute(int*, int, int);

int cuInit(unsigned) { return number("FAKE_GPUS", 1) == 0 ? 100 : 0; }
int cuDeviceGetCount(int* count) {
  *count = number("FAKE_GPUS", 1);
  return 0;
}
int cuDeviceGetAttribute(int* value, int which, int) {
  const int capability = number("FAKE_CAPABILITY", 90);
  *value = which == 75 ? capability / 10 : capability % 10;
  return 0;
}
}

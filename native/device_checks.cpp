// Loads libselvage_checks.so, which only `doctor` needs.
#include <dlfcn.h>

#include <string>

#include "backend.h"
#include "check.h"
#include "checks/checks.h"

namespace selvage {
namespace {

decltype(&selvage_checks_open) open_table = nullptr;
decltype(&selvage_checks_name) name_of_group = nullptr;
decltype(&selvage_checks_run) run_group = nullptr;
int groups = 0;

template <typename Function>
void find(void* library, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(dlsym(library, name));
  if (function == nullptr) fail("open_checks", std::string("the checks library needs ") + name + ", lacks it");
}

void check_group(const char* op, int group) {
  check(group >= 0 && group < groups, op,
        "group needs to be below " + std::to_string(groups) + ", is " + std::to_string(group));
}

}  // namespace

int open_checks(const char* checks_library) {
  void* library = dlopen(checks_library, RTLD_NOW | RTLD_LOCAL);  // never closed
  if (library == nullptr) fail("open_checks", dlerror());
  const auto* version = static_cast<const uint64_t*>(dlsym(library, "selvage_checks_version"));
  if (version == nullptr || *version != checks_version())
    unsupported("open_checks", std::string(checks_library) + " must come from the same build as libselvage.so");
  find(library, "selvage_checks_open", open_table);
  find(library, "selvage_checks_name", name_of_group);
  find(library, "selvage_checks_run", run_group);
  return groups = open_table(&backend());
}

const char* check_name(int group) {
  check_group("check_name", group);
  return name_of_group(group);
}

const CheckResult* run_check(int group) {
  check_group("run_check", group);
  return run_group(group);
}

}  // namespace selvage

#include "cases.h"

#include "simt/launch.h"

namespace selvage::test {

double violates(const std::function<void()>& launch, const std::string& what) {
  try {
    launch();
  } catch (const simt::Violation& v) {
    return std::string(v.what()).find(what) != std::string::npos ? 0 : 1;
  }
  return 1;
}

double distance(const Tensor& y, const Tensor& expected) {
  const Ptr floats = as_floats(y);
  return distance(*floats, std::vector<double>(expected.data(), expected.data() + expected.size()));
}

}  // namespace selvage::test

#include "cases.h"

namespace selvage::test {

double distance(const Tensor& y, const Tensor& expected) {
  const Ptr floats = as_floats(y);
  return distance(*floats, std::vector<double>(expected.data(), expected.data() + expected.size()));
}

}  // namespace selvage::test

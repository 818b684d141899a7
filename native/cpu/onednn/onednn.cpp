#include "cpu/onednn/onednn.h"

namespace selvage::cpu {

const dnnl::engine& engine() {
  static const dnnl::engine instance(dnnl::engine::kind::cpu, 0);
  return instance;
}

dnnl::stream& stream() {
  static dnnl::stream instance(engine());
  return instance;
}

}  // namespace selvage::cpu

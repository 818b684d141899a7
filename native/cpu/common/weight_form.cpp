#include "cpu/common/weight_form.h"

#include <map>
#include <utility>

namespace selvage::cpu {
namespace {

struct KeptForms : Tensor::Derived {
  std::map<std::pair<Form, Type>, std::unique_ptr<Scratch>> forms;
};

}  // namespace

std::unique_ptr<Scratch>& WeightForm::kept(const Tensor& weights, Form form, Type type) {
  std::unique_ptr<Tensor::Derived>& derived = weights.derived();
  if (derived == nullptr) derived = std::make_unique<KeptForms>();
  return static_cast<KeptForms&>(*derived).forms[{form, type}];
}

}  // namespace selvage::cpu

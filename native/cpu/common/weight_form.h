// Weights in the form that a kernel reads, packed or transformed: made for one call, or kept with a tensor that is held
// constant. A kept form saves its making, which for few rows takes as long as the product itself.
#pragma once

#include <memory>

#include "cpu/common/allocator.h"
#include "tensor.h"

namespace selvage::cpu {

// Of the weights of Winograd's F(2x2) to F(5x5), or of the second operand of a product.
enum class Form { f2, f3, f4, f5, rows, turned_rows };

class WeightForm {
 public:
  // make(float* to) writes `count` floats. `weights` may be null: the form is then of this call only.
  template <typename Make>
  WeightForm(const Tensor* weights, Form form, Type type, int64_t count, const Make& make) {
    std::unique_ptr<Scratch>& place = weights != nullptr && weights->constant() ? kept(*weights, form, type) : own_;
    if (place == nullptr) {
      place = std::make_unique<Scratch>(count);
      if (count > 0) make(place->data());
    }
    data_ = place->data();
  }
  WeightForm(const WeightForm&) = delete;
  WeightForm& operator=(const WeightForm&) = delete;

  const float* data() const { return data_; }

 private:
  // Where the tensor keeps this form, empty before it is made.
  static std::unique_ptr<Scratch>& kept(const Tensor& weights, Form form, Type type);

  std::unique_ptr<Scratch> own_;
  const float* data_;
};

}  // namespace selvage::cpu

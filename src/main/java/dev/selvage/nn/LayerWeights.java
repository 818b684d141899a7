package dev.selvage.nn;

import dev.selvage.tensor.Tensor;
import java.util.function.BiConsumer;

/** The kernel and the bias of one layer, which learn together. */
record LayerWeights(Parameter kernel, Parameter bias) {
  static LayerWeights of(Parameters parameters, String layer) {
    return new LayerWeights(parameters.get(layer + "/kernel"), parameters.get(layer + "/bias"));
  }

  boolean trainable() {
    return kernel.trainable() || bias.trainable();
  }

  /**
   * Adds to the gradients of both.
   *
   * @param rule writes the contributions to the two tensors it is given: kernel first, then bias
   */
  void addGradients(BiConsumer<Tensor, Tensor> rule) {
    GradientParts only = new GradientParts(this);
    only.add(rule);
    only.end();
  }
}

package dev.selvage.model;

import dev.selvage.tensor.Tensor;

/**
 * The losses of a step in the device's memory. Reading them waits for the device, so that is done
 * once, when the backward pass has been asked for as well.
 */
final class DeviceLosses {
  private static final int TERMS = 6;

  private final Tensor values = Tensor.zeros(TERMS);
  private final float[] weights;

  /**
   * All zero, of the current scope.
   *
   * @param weights LOSS_WEIGHTS
   */
  DeviceLosses(float[] weights) {
    this.weights = weights;
  }

  Tensor rpnClass() {
    return term(0);
  }

  Tensor rpnBbox() {
    return term(1);
  }

  Tensor mrcnnClass() {
    return term(2);
  }

  Tensor mrcnnBbox() {
    return term(3);
  }

  Tensor mrcnnMask() {
    return term(4);
  }

  /** The weight decay's, which counts as it is. */
  Tensor penalty() {
    return term(5);
  }

  /** The numbers; waits for the device. */
  Losses read() {
    float[] terms = values.download();
    double total = terms[5];
    for (int i = 0; i < weights.length; i++) {
      total += (double) weights[i] * terms[i];
    }
    return new Losses(total, terms[0], terms[1], terms[2], terms[3], terms[4]);
  }

  private Tensor term(int index) {
    return values.view(index, 1);
  }
}

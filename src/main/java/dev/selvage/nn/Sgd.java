package dev.selvage.nn;

import dev.selvage.tensor.Ops;

/**
 * Stochastic gradient descent with momentum as Keras has it, on the trainable parameters; frozen
 * ones are not touched. The weight decay is part of the loss, hence of the gradient that is
 * clipped: decay times the mean square of each kernel and bias.
 */
public final class Sgd {
  private Sgd() {}

  /**
   * The weight decay's share of the loss.
   *
   * @param decay WEIGHT_DECAY
   */
  public static double penalty(Parameters parameters, double decay) {
    double sum = 0;
    for (Parameter parameter : parameters.trainable()) {
      if (parameter.spec().decays()) {
        sum += decay / parameter.size() * Ops.sumSquares(parameter.value());
      }
    }
    return sum;
  }

  /**
   * Adds the gradient of {@link #penalty}. Trainable parameters that no rule has reached get a
   * gradient of zero first.
   */
  public static void addPenaltyGradient(Parameters parameters, double decay) {
    for (Parameter parameter : parameters.trainable()) {
      if (parameter.spec().decays()) {
        Ops.l2(
            parameter.gradientToAddInto(), parameter.value(), (float) (decay / parameter.size()));
      } else {
        parameter.gradientToAddInto();
      }
    }
  }

  /** The L2 norm of all gradients together. */
  public static double globalNorm(Parameters parameters) {
    double sum = 0;
    for (Parameter parameter : parameters.trainable()) {
      if (parameter.hasGradient()) {
        sum += Ops.sumSquares(parameter.gradient());
      }
    }
    return Math.sqrt(sum);
  }

  /**
   * One step: adds the weight decay, scales all gradients down to a global norm of clipNorm if they
   * exceed it, then m = momentum m - lr g, p += m. The gradients are used up.
   *
   * @param clipNorm 0 for no limit
   * @return the global norm before clipping; where it is not finite, nothing is changed
   */
  public static double step(
      Parameters parameters, double lr, double momentum, double clipNorm, double weightDecay) {
    addPenaltyGradient(parameters, weightDecay);
    double norm = globalNorm(parameters);
    if (!Double.isFinite(norm)) {
      return norm;
    }
    double factor = clipNorm > 0 && norm > clipNorm ? clipNorm / norm : 1;
    for (Parameter parameter : parameters.trainable()) {
      Ops.sgd(
          parameter.value(),
          parameter.momentum(),
          parameter.gradient(),
          (float) lr,
          (float) momentum,
          (float) factor);
      parameter.changed();
    }
    parameters.clearGradients();
    return norm;
  }
}

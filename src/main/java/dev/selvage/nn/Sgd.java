package dev.selvage.nn;

import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Ranges;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import java.util.List;

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
   * @param y [1], where it is written; the caller chooses when to read it
   * @param decay WEIGHT_DECAY
   */
  public static void penalty(Tensor y, Parameters parameters, double decay) {
    List<Parameter> trainable = parameters.trainable();
    Ops.l2(y, parameters.values(), ranges(trainable), coefficients(trainable, decay));
  }

  /**
   * Adds the gradient of {@link #penalty}. Trainable parameters that no rule has reached get a
   * gradient of zero first.
   *
   * @param squares [2] from which {@link #norm} reads the L2 norm of all gradients together; the
   *     caller chooses when
   */
  public static void addPenaltyGradient(Tensor squares, Parameters parameters, double decay) {
    List<Parameter> trainable = parameters.trainable();
    trainable.forEach(Parameter::completeGradient);
    Ops.l2Grad(
        squares,
        parameters.gradients(),
        parameters.values(),
        ranges(trainable),
        coefficients(trainable, decay));
  }

  /** The norm of gradients, of which the sum of squares begins at an element. */
  public static double norm(float[] values, int first) {
    return Math.sqrt(Ops.doubleAt(values, first));
  }

  /**
   * One step: adds the weight decay, waits for the norm, and updates the weights.
   *
   * @param clipNorm 0 for no limit
   * @return the global norm before clipping; where it is not finite, no weight is changed
   */
  public static double step(
      Parameters parameters, double lr, double momentum, double clipNorm, double weightDecay) {
    double norm =
        Scope.call(
            () -> {
              Tensor squares = Tensor.allocate(2);
              addPenaltyGradient(squares, parameters, weightDecay);
              return norm(squares.download(), 0);
            });
    update(parameters, lr, momentum, clipNorm, norm);
    return norm;
  }

  /**
   * Scales all gradients down to a global norm of clipNorm if they exceed it, then m = momentum m -
   * lr g, p += m. The gradients are used up. Where the norm is not finite, nothing is changed.
   *
   * @param clipNorm 0 for no limit
   * @param norm of all gradients
   */
  public static void update(
      Parameters parameters, double lr, double momentum, double clipNorm, double norm) {
    if (!Double.isFinite(norm)) {
      return;
    }
    double factor = clipNorm > 0 && norm > clipNorm ? clipNorm / norm : 1;
    List<Parameter> trainable = parameters.trainable();
    Ops.sgd(
        parameters.values(),
        parameters.momenta(),
        parameters.gradients(),
        ranges(trainable),
        (float) lr,
        (float) momentum,
        (float) factor);
    trainable.forEach(Parameter::changed);
    parameters.clearGradients();
  }

  private static Ranges ranges(List<Parameter> parameters) {
    return new Ranges(
        parameters.stream().mapToLong(Parameter::offset).toArray(),
        parameters.stream().mapToLong(Parameter::size).toArray());
  }

  /** The factor of each square in the penalty; zero for what does not decay. */
  private static float[] coefficients(List<Parameter> parameters, double decay) {
    float[] coefficients = new float[parameters.size()];
    for (int i = 0; i < coefficients.length; i++) {
      Parameter parameter = parameters.get(i);
      coefficients[i] = parameter.spec().decays() ? (float) (decay / parameter.size()) : 0f;
    }
    return coefficients;
  }
}

package dev.selvage.autograd;

import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;

/**
 * A value of the forward pass and, where one is wanted, the gradient of the loss with respect to
 * it.
 */
public final class Variable {
  /** Computes a gradient and, in the same pass through memory, what follows it. */
  @FunctionalInterface
  public interface Gradient {
    /**
     * @param others the gradient by other paths, to be added, or null
     * @param activation where it is not positive, the sum is 0; or null
     */
    Tensor compute(Tensor others, Tensor activation);
  }

  private final Tape tape;
  private final Tensor value;
  private final boolean requiresGrad;

  /** Whether the value comes out of a ReLU, whose gradient is then part of this one. */
  private final boolean activation;

  private Tensor gradient;

  /** Whether the gradient is 0 wherever the value of an activation is not positive. */
  private boolean masked;

  Variable(Tape tape, Tensor value, boolean requiresGrad, boolean activation) {
    this.tape = tape;
    this.value = value;
    this.requiresGrad = requiresGrad;
    this.activation = activation;
  }

  public Tensor value() {
    return value;
  }

  /** Whether backward rules must pass a gradient to it. */
  public boolean requiresGrad() {
    return requiresGrad;
  }

  /** The gradient so far, or null. */
  public Tensor gradient() {
    return gradient;
  }

  /**
   * Takes over a contribution to the gradient: the first one becomes the gradient, later ones are
   * added. The caller must not write to it afterwards. Without {@link #requiresGrad} it is ignored.
   *
   * @throws IllegalArgumentException for a view: the memory belongs to its root
   */
  public void addGradient(Tensor contribution) {
    if (contribution.root() != contribution) {
      throw new IllegalArgumentException(
          "a gradient must own its memory, " + contribution + " is a view");
    }
    if (!requiresGrad) {
      return;
    }
    tape.seeGradient(contribution);
    masked = false;
    if (gradient == null) {
      gradient = tape.adopt(contribution);
    } else {
      Ops.add(gradient, contribution);
    }
  }

  /**
   * The same for one that can be computed together with the sum and the gradient of the ReLU. A
   * listener sees every contribution, so for it they are computed one after the other.
   */
  public void addGradient(Gradient contribution) {
    if (!requiresGrad) {
      return;
    }
    if (tape.hasListener()) {
      addGradient(contribution.compute(null, null));
      return;
    }
    Tensor sum = contribution.compute(gradient, activation ? value : null);
    if (gradient != null) {
      gradient.close();
    }
    gradient = tape.adopt(sum);
    masked = activation;
  }

  /** The gradient for a rule that adds into it, zero if there was none. */
  public Tensor gradientToAddInto() {
    if (gradient == null) {
      gradient = tape.adopt(Tensor.zeros(value.type(), value.shape()));
    }
    masked = false;
    tape.seeAfterwards(gradient);
    return gradient;
  }

  /** Gives the gradient to the caller, who may overwrite it, and forgets it. */
  Tensor takeGradient() {
    Tensor taken = gradient;
    gradient = null;
    return taken;
  }

  /** Applies the gradient of the ReLU to the gradient that was taken, if it is not yet applied. */
  void mask(Tensor taken) {
    if (activation && !masked) {
      Ops.reluGradInPlace(taken, value);
    }
  }
}

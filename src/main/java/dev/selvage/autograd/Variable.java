package dev.selvage.autograd;

import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;

/**
 * A value of the forward pass and, where one is wanted, the gradient of the loss with respect to
 * it.
 */
public final class Variable {
  private final Tape tape;
  private final Tensor value;
  private final boolean requiresGrad;
  private Tensor gradient;

  Variable(Tape tape, Tensor value, boolean requiresGrad) {
    this.tape = tape;
    this.value = value;
    this.requiresGrad = requiresGrad;
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
    if (gradient == null) {
      gradient = tape.adopt(contribution);
    } else {
      Ops.add(gradient, contribution);
    }
  }

  /** The gradient for a rule that adds into it, zero if there was none. */
  public Tensor gradientToAddInto() {
    if (gradient == null) {
      gradient = tape.adopt(Tensor.zeros(value.type(), value.shape()));
    }
    tape.seeAfterwards(gradient);
    return gradient;
  }

  /** Gives the gradient to the caller, who may overwrite it, and forgets it. */
  Tensor takeGradient() {
    Tensor taken = gradient;
    gradient = null;
    return taken;
  }
}

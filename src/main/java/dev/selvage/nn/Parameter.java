package dev.selvage.nn;

import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;
import java.util.function.DoubleSupplier;

/** One array of weights or statistics: a range of the arenas of {@link Parameters}. */
public final class Parameter {
  private final ParameterSpec spec;
  private final Tensor value;
  private final long offset;
  private Tensor gradient;
  private Tensor momentum;
  private boolean trainable;
  private boolean hasGradient;
  private boolean sealed;
  private boolean constant;
  private Runnable onGradient = () -> {};
  private long version;

  /**
   * @param offset of its first element in the arenas
   */
  Parameter(ParameterSpec spec, Tensor value, long offset) {
    this.spec = spec;
    this.value = value;
    this.offset = offset;
  }

  public ParameterSpec spec() {
    return spec;
  }

  public String layer() {
    return spec.layer();
  }

  public String part() {
    return spec.part();
  }

  /** layer/part, e.g. res2a_branch2a/kernel. */
  public String name() {
    return spec.name();
  }

  public long[] shape() {
    return spec.shape().clone();
  }

  public long size() {
    return value.size();
  }

  public Tensor value() {
    return value;
  }

  /** Sets the values, in Keras' layout. */
  public void upload(float[] values) {
    value.upload(values);
    changed();
  }

  /** Sets the values one after the other, in Keras' layout, without an array of all of them. */
  public void fill(DoubleSupplier next) {
    value.fill(next);
    changed();
  }

  /** The values, in Keras' layout. */
  public float[] download() {
    return value.download();
  }

  /** Whether the optimizer moves it. */
  public boolean trainable() {
    return trainable;
  }

  /** Rises whenever the value changes, so that what is derived from it can be kept until then. */
  long version() {
    return version;
  }

  /** To be called after writing to {@link #value}. */
  public void changed() {
    version++;
    if (constant) {
      value.holdConstant(true);
    }
  }

  /** Lets the backend keep what it derives from the value, such as transformed weights. */
  void holdConstant() {
    constant = true;
    value.holdConstant(true);
  }

  /** Calls an action that reads the value several times and does not change it. */
  public void whileConstant(Runnable action) {
    if (constant) {
      action.run();
      return;
    }
    value.holdConstant(true);
    try {
      action.run();
    } finally {
      value.holdConstant(false);
    }
  }

  boolean constant() {
    return constant;
  }

  /** The gradient of the last backward pass; only of a trainable parameter that has one. */
  public Tensor gradient() {
    if (!hasGradient) {
      throw new IllegalStateException(name() + " has no gradient");
    }
    return gradient;
  }

  public boolean hasGradient() {
    return hasGradient;
  }

  /** The optimizer's velocity, or null where the parameter has never been trainable. */
  public Tensor momentum() {
    return momentum;
  }

  /**
   * Where a backward rule writes its contribution to the gradient: the arena itself for the first
   * one, a temporary of the current scope for others and for frozen parameters. Hand it to {@link
   * #endGradient} when it is written.
   */
  public Tensor beginGradient() {
    if (sealed) {
      throw new IllegalStateException(name() + " gets a gradient after it was summed");
    }
    return trainable && !hasGradient ? gradient : Tensor.allocate(spec.shape());
  }

  /** Counts what {@link #beginGradient} gave and a rule has written. */
  public void endGradient(Tensor written) {
    if (trainable && written != gradient) {
      Ops.add(gradient, written);
    }
    hasGradient = trainable;
    onGradient.run();
  }

  /**
   * For a rule that writes to the gradients' arena itself.
   *
   * @throws IllegalStateException if there is a gradient already
   */
  void requireNoGradient() {
    if (sealed || hasGradient) {
      throw new IllegalStateException(name() + " gets a second gradient");
    }
  }

  /** Counts a gradient that a rule has written to the gradients' arena itself. */
  void gradientWritten() {
    hasGradient = trainable;
    onGradient.run();
  }

  /** Sets the gradient to zero if no rule has written it. */
  void completeGradient() {
    if (!hasGradient) {
      gradient.fill(0f);
      hasGradient = true;
    }
  }

  /** Allows no contribution to the gradient any more, until it is cleared. */
  void seal() {
    sealed = true;
  }

  /** Calls something after each contribution to the gradient. */
  void onGradient(Runnable action) {
    onGradient = action;
  }

  long offset() {
    return offset;
  }

  void clearGradient() {
    hasGradient = false;
    sealed = false;
  }

  void setTrainable(boolean on) {
    trainable = on;
    clearGradient();
  }

  void attach(Tensor newGradient, Tensor newMomentum) {
    gradient = newGradient;
    momentum = newMomentum;
    momentum.fill(0f);
  }
}

package dev.selvage.autograd;

import dev.selvage.tensor.Tensor;

/** Sees every value and gradient of a step as it is computed. May throw to end the step there. */
public interface TapeListener {
  /**
   * An operation is about to be computed, or its backward rule.
   *
   * @param layer whose weights it uses, or what it is part of
   */
  default void next(String op, String layer, boolean backward) {}

  /**
   * What an operation has computed.
   *
   * @param layer whose weights it used, or what it is part of
   */
  void value(String op, String layer, Tensor value);

  /** A gradient that the backward rule of an operation passes to one of its inputs. */
  void gradient(String op, String layer, Tensor gradient);

  /** The backward rule of an operation is done, with the gradients of the layer's weights. */
  void passed(String op, String layer);
}

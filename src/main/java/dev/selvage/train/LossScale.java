package dev.selvage.train;

import java.util.Map;

/**
 * The factor by which losses are multiplied before the backward pass where gradients are stored in
 * f16, whose smallest number is 6e-8 (Micikevicius et al. 2018, section 3.2). It is as large as
 * gradients allow: one that overflows costs a step and halves it, a long time without any doubles
 * it. Always a power of two, so that dividing by it afterwards is exact.
 */
final class LossScale {
  /** Steps without an overflow after which it is tried twice as large. */
  static final int GROWTH_STEPS = 2000;

  private static final double FIRST = 1 << 16;
  private static final double LARGEST = 1 << 24;

  private double factor = FIRST;
  private int goodSteps;

  double factor() {
    return factor;
  }

  /** All gradients of a step were finite. */
  void stepIsGood() {
    if (++goodSteps == GROWTH_STEPS) {
      factor = Math.min(2 * factor, LARGEST);
      goodSteps = 0;
    }
  }

  /**
   * A gradient of a step was not finite.
   *
   * @return false where the factor is 1 and cannot have been the reason
   */
  boolean halve() {
    if (factor == 1) {
      return false;
    }
    factor /= 2;
    goodSteps = 0;
    return true;
  }

  /** Writes it down exactly. */
  void save(Map<String, String> texts) {
    texts.put("loss_scale", Double.toString(factor));
    texts.put("good_steps", Integer.toString(goodSteps));
  }

  /**
   * Reads what {@link #save} wrote; a run from before there was one begins anew.
   *
   * @throws IllegalArgumentException if it is something else
   */
  void restore(Map<String, String> texts) {
    factor = Double.parseDouble(texts.getOrDefault("loss_scale", Double.toString(FIRST)));
    goodSteps = Integer.parseInt(texts.getOrDefault("good_steps", "0"));
    if (!(factor >= 1 && factor <= LARGEST && factor == Math.scalb(1, Math.getExponent(factor)))) {
      throw new IllegalArgumentException("a loss scale of " + factor);
    }
    if (goodSteps < 0 || goodSteps >= GROWTH_STEPS) {
      throw new IllegalArgumentException(goodSteps + " steps at one loss scale");
    }
  }
}

package dev.selvage.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The losses of one step, each the mean that the paper states, before LOSS_WEIGHTS.
 *
 * @param total the weighted sum of the five and the weight decay's penalty
 * @param rpnClass of the sampled anchors
 * @param rpnBbox of the positive anchors
 * @param mrcnnClass of the sampled regions
 * @param mrcnnBbox of the positive regions
 * @param mrcnnMask of the positive regions
 */
public record Losses(
    double total,
    double rpnClass,
    double rpnBbox,
    double mrcnnClass,
    double mrcnnBbox,
    double mrcnnMask) {
  /** Keras' names of the losses, in the order of {@link #byName}. */
  public static final List<String> NAMES =
      List.copyOf(new Losses(0, 0, 0, 0, 0, 0).byName().keySet());

  /** Values of a step on the device: the five before their weights, and the penalty. */
  public static final int TERMS = 6;

  /**
   * What a step left on the device.
   *
   * @param terms of one or several steps
   * @param first where the step's {@link #TERMS} begin
   * @param weights LOSS_WEIGHTS
   */
  public static Losses read(float[] terms, int first, float[] weights) {
    double total = terms[first + weights.length];
    for (int i = 0; i < weights.length; i++) {
      total += (double) weights[i] * terms[first + i];
    }
    return new Losses(
        total,
        terms[first],
        terms[first + 1],
        terms[first + 2],
        terms[first + 3],
        terms[first + 4]);
  }

  /** The numbers in the order of {@link #NAMES}, from which {@link #of} makes the same losses. */
  public double[] values() {
    return new double[] {total, rpnClass, rpnBbox, mrcnnClass, mrcnnBbox, mrcnnMask};
  }

  /** What {@link #values} gave. */
  public static Losses of(double[] values) {
    return new Losses(values[0], values[1], values[2], values[3], values[4], values[5]);
  }

  /** Of several batches. */
  public static Losses mean(List<Losses> batches) {
    return new Losses(
        mean(batches, Losses::total),
        mean(batches, Losses::rpnClass),
        mean(batches, Losses::rpnBbox),
        mean(batches, Losses::mrcnnClass),
        mean(batches, Losses::mrcnnBbox),
        mean(batches, Losses::mrcnnMask));
  }

  private static double mean(List<Losses> batches, ToDoubleFunction<Losses> loss) {
    double sum = 0; // plainly added, so that the mean of one is the same number
    for (Losses batch : batches) {
      sum += loss.applyAsDouble(batch);
    }
    return sum / batches.size();
  }

  /** Under Keras' names, the total first. */
  public Map<String, Double> byName() {
    Map<String, Double> names = new LinkedHashMap<>();
    names.put("loss", total);
    names.put("rpn_class_loss", rpnClass);
    names.put("rpn_bbox_loss", rpnBbox);
    names.put("mrcnn_class_loss", mrcnnClass);
    names.put("mrcnn_bbox_loss", mrcnnBbox);
    names.put("mrcnn_mask_loss", mrcnnMask);
    return names;
  }
}

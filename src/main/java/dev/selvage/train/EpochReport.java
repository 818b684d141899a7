package dev.selvage.train;

import dev.selvage.util.ProcessMemory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The figures of a complete epoch.
 *
 * @param epoch counted from 1
 * @param rate the learning rate of its last step
 * @param training mean losses by {@link dev.selvage.model.Losses#NAMES}
 * @param validation the same over the photos held out; empty where nothing is held out
 * @param scores by {@link #SCORES}; empty where nothing was measured
 * @param best whether its mask AP is the best so far
 * @param imagesPerSecond of the training steps
 * @param stallShare of the training steps' time that was spent waiting for batches, in 0..1
 * @param seconds of the training steps
 * @param memoryMib main memory of the process after the epoch, in MiB; NaN where it is unknown
 */
public record EpochReport(
    int epoch,
    double rate,
    Map<String, Double> training,
    Map<String, Double> validation,
    Map<String, Double> scores,
    boolean best,
    double imagesPerSecond,
    double stallShare,
    double seconds,
    double memoryMib) {
  private static final double MIB = 1 << 20;

  /** The names of all scores; the first one decides which epoch is best. */
  public static final List<String> SCORES = List.of("val_mask_AP", "val_mask_AP50");

  /**
   * The report of an epoch whose steps are done and whose scores are taken note of.
   *
   * @param images of a step
   * @param held losses over the photos held out; of no steps where nothing is held out
   */
  static EpochReport of(
      TrainingState at, double rate, int images, LossMean held, Map<String, Double> scores) {
    return new EpochReport(
        at.epoch(),
        rate,
        at.losses.byName(),
        held.steps() == 0 ? Map.of() : held.byName(),
        scores,
        at.bestEpoch == at.epoch(),
        at.imagesPerSecond(images),
        at.stallShare(),
        at.nanos / 1e9,
        ProcessMemory.resident().stream()
            .mapToDouble(bytes -> bytes / MIB)
            .findFirst()
            .orElse(Double.NaN));
  }

  /** The curves of the epoch under Keras' tags: the losses, their val_ twins, the scores and lr. */
  public Map<String, Double> curves() {
    Map<String, Double> curves = new LinkedHashMap<>(training);
    validation.forEach((name, value) -> curves.put("val_" + name, value));
    curves.putAll(scores);
    curves.put("lr", rate);
    return curves;
  }
}

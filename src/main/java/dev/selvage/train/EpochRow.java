package dev.selvage.train;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is written down about an epoch.
 *
 * @param epoch counted from 1
 * @param rate the learning rate of its last step
 * @param training mean losses by Keras' names
 * @param validation the same over the photos held out; empty where nothing is held out
 * @param scores by the names of {@link ValidationAp}; empty where nothing was measured
 * @param imagesPerSecond of the training steps
 * @param stallShare of the training steps' time that was spent waiting for batches, in 0..1
 * @param seconds of the training steps
 */
public record EpochRow(
    int epoch,
    double rate,
    Map<String, Double> training,
    Map<String, Double> validation,
    Map<String, Double> scores,
    double imagesPerSecond,
    double stallShare,
    double seconds) {

  /**
   * The row of an epoch whose steps are done.
   *
   * @param images of a step
   * @param held losses over the photos held out; of no steps where nothing is held out
   */
  static EpochRow of(
      TrainingState at, double rate, int images, LossMean held, Map<String, Double> scores) {
    double seconds = at.nanos / 1e9;
    return new EpochRow(
        at.epoch(),
        rate,
        at.losses.byName(),
        held.steps() == 0 ? Map.of() : held.byName(),
        scores,
        at.step() * (double) images / seconds,
        at.stallNanos / (double) at.nanos,
        seconds);
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

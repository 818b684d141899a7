package dev.selvage.train;

import dev.selvage.model.Losses;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The progress of a run. A continuation depends only on it, the weights and the momenta: everything
 * random follows from the run's seed and the loader's position.
 */
final class TrainingState {
  /** Complete epochs. */
  int epochs;

  /** Steps of the run, over all epochs. */
  long totalSteps;

  /** The training loader's position. */
  long photos;

  /** Losses of the epoch under way; their count is the epoch's steps so far. */
  final LossMean losses = new LossMean();

  /** The epoch with the best mask AP so far, 0 where none was measured. */
  int bestEpoch;

  double bestAp;

  /** Used where PRECISION is f16. */
  final LossScale lossScale = new LossScale();

  /** Time that the epoch under way has taken so far for its training steps, in nanoseconds. */
  long nanos;

  /** The part of it that was spent waiting for batches. */
  long stallNanos;

  /** Steps done of the epoch under way. */
  int step() {
    return losses.steps();
  }

  /** The epoch under way, counted from 1. */
  int epoch() {
    return epochs + 1;
  }

  /**
   * Of the steps done of the epoch under way; NaN before the first.
   *
   * @param images of a step
   */
  double imagesPerSecond(int images) {
    return step() * (double) images / (nanos / 1e9);
  }

  /** The share of the steps' time that was spent waiting for batches; NaN before the first. */
  double stallShare() {
    return stallNanos / (double) nanos;
  }

  /** Goes on to the next epoch. */
  void endEpoch() {
    epochs++;
    losses.clear();
    nanos = 0;
    stallNanos = 0;
  }

  /** Remembers the score of the epoch under way if it is the best; NaN is not. */
  void measured(double ap) {
    if (ap >= 0 && (bestEpoch == 0 || ap > bestAp)) {
      bestEpoch = epoch();
      bestAp = ap;
    }
  }

  Map<String, String> save() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("epochs", Integer.toString(epochs));
    texts.put("step", Integer.toString(step()));
    texts.put("total_steps", Long.toString(totalSteps));
    texts.put("photos", Long.toString(photos));
    texts.put("nanos", Long.toString(nanos));
    texts.put("stall_nanos", Long.toString(stallNanos));
    texts.put("best_epoch", Integer.toString(bestEpoch));
    texts.put("best_ap", Double.toString(bestAp));
    lossScale.save(texts);
    texts.putAll(losses.save());
    return texts;
  }

  /**
   * Reads what {@link #save} gave.
   *
   * @throws IllegalArgumentException if something is missing, unknown or no number
   */
  static TrainingState restore(Map<String, String> texts) {
    TrainingState position = new TrainingState();
    Set<String> known = position.save().keySet();
    for (String key : texts.keySet()) {
      if (!known.contains(key)) { // a damaged name, perhaps of the checksum itself
        throw new IllegalArgumentException("an unknown value " + key);
      }
    }
    position.epochs = Integer.parseInt(text(texts, "epochs"));
    position.totalSteps = Long.parseLong(text(texts, "total_steps"));
    position.photos = Long.parseLong(text(texts, "photos"));
    position.nanos = Long.parseLong(text(texts, "nanos"));
    position.stallNanos = Long.parseLong(text(texts, "stall_nanos"));
    position.bestEpoch = Integer.parseInt(texts.getOrDefault("best_epoch", "0"));
    position.bestAp = Double.parseDouble(texts.getOrDefault("best_ap", "0"));
    position.lossScale.restore(texts);
    Losses.NAMES.forEach(name -> text(texts, name));
    position.losses.restore(texts, Integer.parseInt(text(texts, "step")));
    if (position.epochs < 0
        || position.totalSteps < 0
        || position.photos < 0
        || position.nanos < 0
        || position.stallNanos < 0
        || position.step() < 0) {
      throw new IllegalArgumentException("a count below 0");
    }
    return position;
  }

  private static String text(Map<String, String> texts, String key) {
    String text = texts.get(key);
    if (text == null) {
      throw new IllegalArgumentException("no value " + key);
    }
    return text;
  }
}

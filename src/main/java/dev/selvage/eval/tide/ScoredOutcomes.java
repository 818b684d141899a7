package dev.selvage.eval.tide;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The detections of one class, right or wrong, and how many true objects there are. */
final class ScoredOutcomes {
  private record Outcome(double score, boolean right) {}

  private static final int RECALLS = 100;

  private final List<Outcome> outcomes = new ArrayList<>();
  private int truths;

  void add(double score, boolean right) {
    outcomes.add(new Outcome(score, right));
  }

  void addTruths(int count) {
    truths += count;
  }

  int truths() {
    return truths;
  }

  /** Whether the class takes no part in the mean. */
  boolean isEmpty() {
    return outcomes.isEmpty() && truths == 0;
  }

  /**
   * Average precision in percent, with precision sampled at 101 recalls; 0 without true objects.
   * Between equal scores the one that was added first goes first.
   */
  double ap() {
    if (truths == 0) {
      return 0;
    }
    List<Outcome> sorted =
        outcomes.stream().sorted(Comparator.comparingDouble(Outcome::score).reversed()).toList();
    double[] precision = new double[sorted.size()];
    double[] recall = new double[sorted.size()];
    int right = 0;
    for (int i = 0; i < precision.length; i++) {
      right += sorted.get(i).right ? 1 : 0;
      precision[i] = (double) right / (i + 1);
      recall[i] = (double) right / truths;
    }
    for (int i = precision.length - 1; i > 0; i--) {
      precision[i - 1] = Math.max(precision[i - 1], precision[i]);
    }
    double sum = 0;
    int at = 0;
    for (int r = 0; r <= RECALLS; r++) {
      while (at < recall.length && recall[at] < r / (double) RECALLS) {
        at++;
      }
      sum += at < precision.length ? precision[at] : 0;
    }
    return 100 * sum / (RECALLS + 1);
  }
}

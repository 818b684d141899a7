package dev.selvage.tune;

import dev.selvage.predict.DetectionRules;
import dev.selvage.tune.Measure.Costs;
import dev.selvage.tune.Measure.Shown;
import java.util.Arrays;
import java.util.List;

/** Rules that are tuned on some photos and measured on others. */
final class Fit {
  private final int[] tuned;
  private final int[] held;
  private final Measure measure;
  private final Costs costs;
  private final int[][] truths;
  private DetectionRules rules;
  private Judged[] judged;

  /**
   * A fit that has not begun.
   *
   * @param tuned places of the photos to tune on
   * @param held places of the photos that take no part
   * @param truths [photos] classes of the true objects
   */
  Fit(int[] tuned, int[] held, Measure measure, Costs costs, int[][] truths) {
    this.tuned = tuned;
    this.held = held;
    this.measure = measure;
    this.costs = costs;
    this.truths = truths;
  }

  DetectionRules rules() {
    return rules;
  }

  /** What the rules find in each photo of the set, tuned or held. */
  Judged[] judged() {
    return judged;
  }

  void set(DetectionRules others, Judged[] found) {
    rules = others;
    judged = found;
  }

  int[] tuned() {
    return tuned;
  }

  /** What the photos that take no part show, and what the rules find there. */
  List<Shown> held() {
    return shown(held, judged);
  }

  /** The measure on the photos to tune on. */
  double value(Judged[] found) {
    return measure.of(shown(tuned, found), costs);
  }

  private List<Shown> shown(int[] photos, Judged[] found) {
    return Arrays.stream(photos)
        .mapToObj(i -> new Shown(found[i], truths[i], truths[i].length))
        .toList();
  }
}

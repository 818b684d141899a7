package dev.selvage.eval;

import java.util.Arrays;

/**
 * One category's result at one threshold, as COCO computes it.
 *
 * @param precision at {@link CocoParams#RECALL}, 0 where that recall is not reached
 * @param recall reached with all detections
 */
public record PrecisionRecallCurve(double[] precision, double recall) {
  private static final double EPSILON = Math.ulp(1.0);

  /**
   * The curve of detections in descending order of their scores.
   *
   * @param outcomes of each detection: 1 right, -1 wrong, 0 does not count
   * @param truths how many true objects count, at least one
   */
  public static PrecisionRecallCurve of(byte[] outcomes, int truths) {
    double[] recall = new double[outcomes.length];
    double[] precision = new double[outcomes.length];
    int right = 0;
    int wrong = 0;
    for (int i = 0; i < outcomes.length; i++) {
      right += outcomes[i] > 0 ? 1 : 0;
      wrong += outcomes[i] < 0 ? 1 : 0;
      recall[i] = (double) right / truths;
      precision[i] = right / (right + wrong + EPSILON);
    }
    for (int i = outcomes.length - 1; i > 0; i--) {
      precision[i - 1] = Math.max(precision[i - 1], precision[i]);
    }
    double[] sampled = new double[CocoParams.RECALL.length];
    int at = 0;
    for (int r = 0; r < sampled.length; r++) {
      while (at < outcomes.length && recall[at] < CocoParams.RECALL[r]) {
        at++;
      }
      if (at == outcomes.length) {
        break;
      }
      sampled[r] = precision[at];
    }
    return new PrecisionRecallCurve(
        sampled, outcomes.length == 0 ? 0 : recall[outcomes.length - 1]);
  }

  public double averagePrecision() {
    return Arrays.stream(precision).average().orElseThrow();
  }
}

package dev.selvage.eval;

import java.util.Arrays;

/**
 * One category's result at one IoU threshold.
 *
 * @param precision at {@link CocoParams#RECALL}, 0 where that recall is not reached
 * @param recall reached with all detections
 */
record PrecisionRecallCurve(double[] precision, double recall) {
  double averagePrecision() {
    return Arrays.stream(precision).average().orElseThrow();
  }
}

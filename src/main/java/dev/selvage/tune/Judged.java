package dev.selvage.tune;

import dev.selvage.eval.KaggleScore;

/**
 * The objects that some rules find in a photo, compared with the truth at the ten IoU thresholds
 * 0.50, 0.55 .. 0.95.
 *
 * @param classIds of the objects
 * @param scores of the objects, falling
 * @param right at how many of the thresholds each is right: at those below it
 * @param ignored at how many each lies in a crowd, and counts neither as right nor as wrong
 */
record Judged(int[] classIds, float[] scores, byte[] right, byte[] ignored) {
  static final int THRESHOLDS = KaggleScore.THRESHOLDS;

  /** How many are right at a threshold. */
  int right(int threshold) {
    int count = 0;
    for (byte levels : right) {
      count += levels > threshold ? 1 : 0;
    }
    return count;
  }

  /** How many are wrong at a threshold. */
  int wrong(int threshold) {
    int count = 0;
    for (int i = 0; i < right.length; i++) {
      count += right[i] <= threshold && ignored[i] <= threshold ? 1 : 0;
    }
    return count;
  }
}

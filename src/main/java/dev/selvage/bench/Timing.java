package dev.selvage.bench;

import java.util.Arrays;

/** Wall-clock time. */
final class Timing {
  private Timing() {}

  /** The median time of some runs, in seconds. */
  static double median(int runs, Runnable body) {
    double[] seconds = new double[runs];
    for (int i = 0; i < runs; i++) {
      long start = System.nanoTime();
      body.run();
      seconds[i] = (System.nanoTime() - start) * 1e-9;
    }
    Arrays.sort(seconds);
    return (seconds[(runs - 1) / 2] + seconds[runs / 2]) / 2;
  }
}

package dev.selvage.model;

import java.util.Arrays;
import java.util.Random;

/** Chooses which candidates take part in the loss. */
@FunctionalInterface
interface RoiSampler {
  /** At most {@code count} of the candidates. */
  int[] choose(int[] candidates, int count);

  /** Without order or preference, the same for the same seed. */
  static RoiSampler random(long seed) {
    Random random = new Random(seed);
    return (candidates, count) -> {
      int[] shuffled = candidates.clone();
      int chosen = Math.min(count, shuffled.length);
      for (int i = 0; i < chosen; i++) {
        int j = i + random.nextInt(shuffled.length - i);
        int swapped = shuffled[i];
        shuffled[i] = shuffled[j];
        shuffled[j] = swapped;
      }
      return Arrays.copyOf(shuffled, chosen);
    };
  }
}

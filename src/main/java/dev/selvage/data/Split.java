package dev.selvage.data;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Photos to train on and photos held out.
 *
 * @param train places in the dataset, ascending
 * @param valid places in the dataset, ascending; none of them in train
 */
public record Split(int[] train, int[] valid) {
  /**
   * Splits a dataset at random, the same way for the same size, fraction and seed.
   *
   * @param fraction of the photos held out, in 0..1; neither part is left empty where fraction &gt;
   *     0 and size &gt; 1
   */
  public static Split of(int size, double fraction, long seed) {
    int[] order = Shuffle.permutation(size, new SplittableRandom(seed));
    int held = (int) Math.round(size * fraction);
    if (fraction > 0 && size > 1) {
      held = Math.min(Math.max(held, 1), size - 1);
    }
    int[] valid = Arrays.copyOf(order, held);
    int[] train = Arrays.copyOfRange(order, held, size);
    Arrays.sort(valid);
    Arrays.sort(train);
    return new Split(train, valid);
  }
}

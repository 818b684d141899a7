package dev.selvage.data;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Random choices that depend only on the seed. */
public final class SeededSampling {
  private SeededSampling() {}

  /** 0..n-1 in random order (Fisher-Yates). */
  public static int[] permutation(int n, SplittableRandom random) {
    int[] order = new int[n];
    Arrays.setAll(order, i -> i);
    for (int i = n - 1; i > 0; i--) {
      swap(order, i, random.nextInt(i + 1));
    }
    return order;
  }

  /**
   * At most count of the values, drawn without replacement, in their old order; the array itself
   * where it is small.
   */
  public static int[] choose(int[] ascending, int count, SplittableRandom random) {
    if (ascending.length <= count) {
      return ascending;
    }
    int[] chosen = choose(ascending.length, count, random);
    Arrays.setAll(chosen, i -> ascending[chosen[i]]);
    return chosen;
  }

  /** At most count of 0..n-1, drawn without replacement, ascending. */
  public static int[] choose(int n, int count, SplittableRandom random) {
    int[] pool = new int[n];
    for (int i = 0; i < n; i++) {
      pool[i] = i;
    }
    if (n <= count) {
      return pool;
    }
    for (int i = 0; i < count; i++) {
      swap(pool, i, i + random.nextInt(n - i));
    }
    int[] chosen = Arrays.copyOf(pool, count);
    Arrays.sort(chosen);
    return chosen;
  }

  /**
   * A seed made of several numbers, each of which changes all of its bits (the finaliser of
   * splitmix64).
   */
  public static long seed(long... parts) {
    long z = 0;
    for (long part : parts) {
      z = (z ^ part) + 0x9e3779b97f4a7c15L;
      z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
      z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
      z ^= z >>> 31;
    }
    return z;
  }

  private static void swap(int[] values, int i, int j) {
    int held = values[i];
    values[i] = values[j];
    values[j] = held;
  }
}

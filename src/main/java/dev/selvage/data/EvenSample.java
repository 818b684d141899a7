package dev.selvage.data;

import java.util.stream.IntStream;

/** Chooses photos at even distances from a list. */
public final class EvenSample {
  private EvenSample() {}

  /**
   * Chooses.
   *
   * @param imageIndices of the list
   * @param count how many, 0 for all
   * @return {@code count} of them in their order, or all if there are fewer
   */
  public static int[] of(int[] imageIndices, int count) {
    int all = imageIndices.length;
    if (count == 0 || count >= all) {
      return imageIndices;
    }
    return IntStream.range(0, count)
        .map(i -> imageIndices[(int) ((long) i * all / count)])
        .toArray();
  }
}

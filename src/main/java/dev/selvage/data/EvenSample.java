package dev.selvage.data;

import java.util.stream.IntStream;

/** Some of the photos of a list, evenly spread over it. */
public final class EvenSample {
  private EvenSample() {}

  /**
   * Chooses.
   *
   * @param imageIndices of the list
   * @param count how many, 0 for all
   * @return so many of them in their order, or all where there are no more
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

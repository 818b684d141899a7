package dev.selvage.data.loader;

import java.util.function.UnaryOperator;

/**
 * The share that one of several loaders has of the batches: those with the numbers {@code first} to
 * {@code first + count - 1} of every round.
 *
 * @param batches of a round, over all loaders
 * @param agree joins the positions that the loaders have found to be passed over in a round; all
 *     loaders call it the same number of times
 */
public record PhotoShare(int batches, int first, int count, UnaryOperator<long[]> agree) {
  /** One loader has all batches. */
  public static final PhotoShare ALL = new PhotoShare(1, 0, 1, UnaryOperator.identity());

  boolean isAll() {
    return count == batches;
  }
}

package dev.selvage.tensor;

/**
 * Disjoint ranges of a flat tensor, for operations on many arrays of one arena at once.
 *
 * @param begins first elements
 * @param sizes in elements
 */
public record Ranges(long[] begins, long[] sizes) {
  public Ranges {
    if (begins.length != sizes.length) {
      throw new IllegalArgumentException(
          "expected as many sizes as begins, found %d and %d"
              .formatted(sizes.length, begins.length));
    }
  }

  /** How many there are. */
  public int count() {
    return begins.length;
  }
}

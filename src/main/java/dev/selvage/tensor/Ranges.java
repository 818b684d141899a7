package dev.selvage.tensor;

/**
 * Disjoint ranges of a flat tensor, for operations on many arrays of one arena at once.
 *
 * @param begins first elements
 * @param sizes in elements
 */
public record Ranges(long[] begins, long[] sizes) {
  /** How many there are. */
  public int count() {
    return begins.length;
  }
}

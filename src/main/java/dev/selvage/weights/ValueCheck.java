package dev.selvage.weights;

import dev.selvage.util.UserError;
import java.nio.file.Path;

/**
 * Finds values that turn everything a model computes into NaN: those that are not finite, and
 * negative variances, whose square root is NaN.
 */
public final class ValueCheck {
  private final Path file;
  private String first;
  private long inOthers;
  private int others;

  /** A check of one file, for the message. */
  ValueCheck(Path file) {
    this.file = file;
  }

  /**
   * Refuses an array that is to be converted if it has a value that is not finite.
   *
   * @throws UserError if it has; it names the layer and counts
   */
  public static void requireFinite(Path file, StoredArray array, float[] values) {
    ValueCheck check = new ValueCheck(file);
    check.add(array, nonFinite(values), values.length, "NaN or infinite");
    check.requireGood();
  }

  /** Counts the bad values of one array. */
  void add(StoredArray array, float[] values) {
    add(array, nonFinite(values), values.length, "NaN or infinite");
    if (array.part().equals("moving_variance")) {
      add(array, negative(values), values.length, "negative");
    }
  }

  private void add(StoredArray array, long bad, int all, String kind) {
    if (bad > 0 && first == null) {
      first = "%d of the %d values of %s %s".formatted(bad, all, array.name(), kind);
    } else if (bad > 0) {
      inOthers += bad;
      others++;
    }
  }

  /**
   * Ends the check.
   *
   * @throws UserError if there was a bad value: it names the first layer and parameter and counts
   */
  void requireGood() {
    if (first != null) {
      String rest =
          others == 0 ? "" : ", and %d more in %d other arrays".formatted(inOthers, others);
      throw new UserError(
          "%s: expected finite weights and variances of 0 or more, found %s%s"
              .formatted(file, first, rest));
    }
  }

  private static long nonFinite(float[] values) {
    long count = 0;
    for (float v : values) {
      count += Float.isFinite(v) ? 0 : 1;
    }
    return count;
  }

  private static long negative(float[] values) {
    long count = 0;
    for (float v : values) {
      count += v < 0 ? 1 : 0;
    }
    return count;
  }
}

package dev.selvage.mask;

import dev.selvage.util.PrintableChar;
import dev.selvage.util.UserError;
import java.util.Arrays;

/**
 * Kaggle's run lengths: {@code start length start length ...} separated by spaces, starts counted
 * from 1 over the pixels in column-major order; a run may go on from one column into the next.
 */
public final class KaggleRle {
  private KaggleRle() {}

  /** The mask's runs in ascending order; the empty text for an empty mask. */
  public static String write(Rle mask) {
    StringBuilder out = new StringBuilder();
    int[] counts = mask.counts();
    int at = 0;
    for (int i = 0; i < counts.length; i++) {
      if ((i & 1) == 1 && counts[i] > 0) {
        out.append(out.isEmpty() ? "" : " ").append(at + 1).append(' ').append(counts[i]);
      }
      at += counts[i];
    }
    return out.toString();
  }

  /**
   * Reads runs, which may stand in any order and overlap.
   *
   * @return canonical run lengths
   * @throws UserError an odd number of values, anything but a whole number, a run before pixel 1 or
   *     beyond the mask
   */
  public static Rle read(CharSequence text, int height, int width) {
    long[] runs = parse(text, (long) height * width);
    if (!ascending(runs)) {
      Arrays.sort(runs);
    }
    RleBuilder builder = new RleBuilder(2 * runs.length + 2);
    for (long run : runs) {
      int start = (int) (run >>> 32);
      int end = start + (int) run;
      if (end > builder.end()) {
        start = Math.max(start, builder.end());
        builder.set(start, end - start);
      }
    }
    return builder.build(height, width);
  }

  /**
   * Each run as start from 0 in the high half and length in the low half, so that sorting them
   * sorts by start.
   */
  private static long[] parse(CharSequence text, long size) {
    long[] runs = new long[text.length() / 4 + 1];
    int values = 0;
    long start = 0;
    int at = 0;
    while (true) {
      while (at < text.length() && text.charAt(at) == ' ') {
        at++;
      }
      if (at == text.length()) {
        break;
      }
      long value = 0;
      while (at < text.length() && text.charAt(at) != ' ') {
        int digit = text.charAt(at++) - '0';
        if (digit < 0 || digit > 9 || value > Integer.MAX_VALUE) {
          throw new UserError(
              "run lengths must be whole numbers separated by spaces, found %s in value %s"
                  .formatted(PrintableChar.of(text.charAt(at - 1)), values + 1));
        }
        value = 10 * value + digit;
      }
      if ((values & 1) == 0) {
        start = value;
      } else {
        if (start < 1 || value < 1 || start - 1 + value > size) {
          throw new UserError(
              "run %s %s lies outside the photo's pixels 1 to %s".formatted(start, value, size));
        }
        if (values / 2 == runs.length) {
          runs = Arrays.copyOf(runs, 2 * runs.length);
        }
        runs[values / 2] = (start - 1) << 32 | value;
      }
      values++;
    }
    if ((values & 1) == 1) {
      throw new UserError(
          "run lengths come in pairs of start and length, found %s values".formatted(values));
    }
    return Arrays.copyOf(runs, values / 2);
  }

  private static boolean ascending(long[] runs) {
    for (int i = 1; i < runs.length; i++) {
      if (runs[i] < runs[i - 1]) {
        return false;
      }
    }
    return true;
  }
}

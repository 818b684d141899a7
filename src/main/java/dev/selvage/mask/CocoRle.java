package dev.selvage.mask;

import dev.selvage.util.PrintableChar;
import dev.selvage.util.UserError;
import java.util.Arrays;

/**
 * COCO's compressed run lengths: from the third on each count is written as the difference from the
 * one two before it, in groups of five bits from the lowest up, each in a printable character of
 * its own (48 to 111), with bit 5 saying that more follow and bit 4 of the last group being the
 * sign.
 */
public final class CocoRle {
  private CocoRle() {}

  /** The mask's counts, byte for byte as pycocotools writes them. */
  public static String write(Rle mask) {
    int[] counts = mask.counts();
    StringBuilder out = new StringBuilder(2 * counts.length);
    for (int i = 0; i < counts.length; i++) {
      long rest = i > 2 ? (long) counts[i] - counts[i - 2] : counts[i];
      boolean more = true;
      while (more) {
        int group = (int) (rest & 0x1f);
        rest >>= 5;
        more = (group & 0x10) != 0 ? rest != -1 : rest != 0;
        out.append((char) ((more ? group | 0x20 : group) + 48));
      }
    }
    return out.toString();
  }

  /** Throws {@link UserError} where the text does not encode a mask of this size. */
  public static Rle read(String text, int height, int width) {
    int[] counts = new int[Math.max(4, text.length())];
    int used = 0;
    int at = 0;
    while (at < text.length()) {
      long value = 0;
      int shift = 0;
      boolean more = true;
      while (more) {
        if (at == text.length() || shift > 35) {
          throw new UserError("compressed run lengths end inside run %s".formatted(used + 1));
        }
        int group = text.charAt(at) - 48;
        if (group < 0 || group > 63) {
          throw new UserError(
              "compressed run lengths must contain only the characters '0' to 'o', found %s at position %s"
                  .formatted(PrintableChar.of(text.charAt(at)), at + 1));
        }
        value |= (long) (group & 0x1f) << shift;
        shift += 5;
        more = (group & 0x20) != 0;
        if (!more && (group & 0x10) != 0) {
          value |= -1L << shift;
        }
        at++;
      }
      if (used > 2) {
        value += counts[used - 2];
      }
      if (value < 0 || value > Integer.MAX_VALUE) {
        throw new UserError(
            "run %s of the compressed run lengths decodes to %s".formatted(used + 1, value));
      }
      counts[used++] = (int) value;
    }
    return new Rle(height, width, Arrays.copyOf(counts, used));
  }
}

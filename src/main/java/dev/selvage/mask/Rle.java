package dev.selvage.mask;

import dev.selvage.util.UserError;
import java.util.Arrays;
import java.util.List;

/**
 * A binary mask as run lengths over its pixels in column-major order, beginning with a run of zeros
 * (COCO's counts). The mask is never decoded to pixels: area, box, intersection and union work on
 * the runs.
 *
 * @param counts run lengths, none negative, that add up to height * width
 */
public record Rle(int height, int width, int[] counts) {
  /** Throws {@link UserError} where the run lengths do not add up to all pixels. */
  public Rle {
    if (height < 0 || width < 0 || (long) height * width > Integer.MAX_VALUE) {
      throw new UserError(
          "a mask needs a height and width of 0 or more and fewer than 2^31 pixels, found %s and %s"
              .formatted(height, width));
    }
    long sum = 0;
    for (int count : counts) {
      if (count < 0) {
        throw new UserError("run lengths of a mask must not be negative, found " + count);
      }
      sum += count;
    }
    if (sum != (long) height * width) {
      throw new UserError(
          "run lengths of a %s x %s mask (height x width) must add up to %s, found %s"
              .formatted(height, width, (long) height * width, sum));
    }
  }

  /** A mask without any pixel set. */
  public static Rle empty(int height, int width) {
    return new Rle(height, width, new int[] {height * width});
  }

  /**
   * Encodes a bitmask.
   *
   * @param pixels [width, height] flat: pixel (y, x) at {@code x * height + y}; anything but 0 is
   *     set
   */
  public static Rle fromBitmask(byte[] pixels, int height, int width) {
    return fromRegion(pixels, 0, 0, height, width, height, width);
  }

  /**
   * Encodes a mask that is zero outside a rectangle, without touching what lies outside it.
   *
   * @param region [regionWidth, regionHeight] flat, column-major as in {@link #fromBitmask}
   * @param top row of the region's first pixel; the whole region lies inside the mask
   */
  public static Rle fromRegion(
      byte[] region, int top, int left, int regionHeight, int regionWidth, int height, int width) {
    RleBuilder runs = new RleBuilder(2 * regionWidth + 2);
    for (int x = 0; x < regionWidth; x++) {
      int column = x * regionHeight;
      int origin = (left + x) * height + top;
      for (int y = 0; y < regionHeight; y++) {
        if (region[column + y] != 0) {
          int start = y;
          while (y < regionHeight && region[column + y] != 0) {
            y++;
          }
          runs.set(origin + start, y - start);
        }
      }
    }
    return runs.build(height, width);
  }

  /** The mask as [width, height] flat bytes 0 or 1, column-major. */
  public byte[] toBitmask() {
    byte[] pixels = new byte[height * width];
    int at = 0;
    for (int i = 0; i < counts.length; i++) {
      if ((i & 1) == 1) {
        Arrays.fill(pixels, at, at + counts[i], (byte) 1);
      }
      at += counts[i];
    }
    return pixels;
  }

  /** Number of pixels set. */
  public int area() {
    int area = 0;
    for (int i = 1; i < counts.length; i += 2) {
      area += counts[i];
    }
    return area;
  }

  /** The tightest box (y1,x1,y2,x2), far edges exclusive; all zeros for an empty mask. */
  public int[] box() {
    int y1 = height;
    int x1 = width;
    int y2 = 0;
    int x2 = 0;
    int at = 0;
    for (int i = 0; i < counts.length; i++) {
      if ((i & 1) == 1 && counts[i] > 0) {
        int last = at + counts[i] - 1;
        int firstColumn = at / height;
        int lastColumn = last / height;
        boolean crosses = firstColumn != lastColumn;
        y1 = Math.min(y1, crosses ? 0 : at % height);
        y2 = Math.max(y2, crosses ? height : last % height + 1);
        x1 = Math.min(x1, firstColumn);
        x2 = Math.max(x2, lastColumn + 1);
      }
      at += counts[i];
    }
    return x2 == 0 ? new int[4] : new int[] {y1, x1, y2, x2};
  }

  /** Number of pixels set in both masks, which must have the same size. */
  public int intersection(Rle other) {
    requireSameSize(other);
    int common = 0;
    int i = 1;
    int j = 1;
    int start = counts.length > 0 ? counts[0] : 0;
    int otherStart = other.counts.length > 0 ? other.counts[0] : 0;
    while (i < counts.length && j < other.counts.length) {
      int end = start + counts[i];
      int otherEnd = otherStart + other.counts[j];
      common += Math.max(0, Math.min(end, otherEnd) - Math.max(start, otherStart));
      if (end <= otherEnd) {
        start = end + (i + 1 < counts.length ? counts[i + 1] : 0);
        i += 2;
      } else {
        otherStart = otherEnd + (j + 1 < other.counts.length ? other.counts[j + 1] : 0);
        j += 2;
      }
    }
    return common;
  }

  /** Intersection over union with a mask of the same size; 0 where both are empty. */
  public double iou(Rle other) {
    int common = intersection(other);
    return common == 0 ? 0 : (double) common / (area() + other.area() - common);
  }

  /** The pixels set in any of the masks, which must be of the given size. */
  public static Rle union(List<Rle> masks, int height, int width) {
    Rle all = empty(height, width);
    for (Rle mask : masks) {
      all.requireSameSize(mask);
      all = all.or(mask);
    }
    return all;
  }

  private Rle or(Rle other) {
    return combine(other, 0b1110);
  }

  /** The pixels set here and not in a mask of the same size. */
  public Rle minus(Rle other) {
    requireSameSize(other);
    return combine(other, 0b0100);
  }

  /**
   * Pixel by pixel.
   *
   * @param table bit 2a + b says whether pixels are set where this mask's bit is a and the other's
   *     b
   */
  private Rle combine(Rle other, int table) {
    RleBuilder runs = new RleBuilder(counts.length + other.counts.length);
    int i = 0;
    int j = 0;
    int end = 0;
    int otherEnd = 0;
    int at = 0;
    int size = height * width;
    while (at < size) {
      while (end <= at) {
        end += counts[i++];
      }
      while (otherEnd <= at) {
        otherEnd += other.counts[j++];
      }
      int next = Math.min(end, otherEnd);
      // after taking run r the index stands at r + 1, so an even index means that a run of ones is
      // open
      int bits = 2 * (~i & 1) + (~j & 1);
      if ((table >> bits & 1) == 1) {
        runs.set(at, next - at);
      }
      at = next;
    }
    return runs.build(height, width);
  }

  private void requireSameSize(Rle other) {
    if (height != other.height || width != other.width) {
      throw new IllegalArgumentException(
          "masks of different sizes: %s x %s and %s x %s"
              .formatted(height, width, other.height, other.width));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Rle rle
        && height == rle.height
        && width == rle.width
        && Arrays.equals(counts, rle.counts);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * height + width) + Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return "Rle[%s x %s, %s runs, %s pixels]".formatted(height, width, counts.length, area());
  }
}

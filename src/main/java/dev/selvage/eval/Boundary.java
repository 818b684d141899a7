package dev.selvage.eval;

import dev.selvage.mask.Rle;

/**
 * The boundary of a mask: its pixels that are at most d pixels away from the outside, along rows,
 * columns and diagonals alike, where d is 0.02 of the photo's diagonal and at least 1. What lies
 * beyond the photo is outside too (Cheng et al. 2021, "Boundary IoU", as the authors' program
 * computes it).
 */
public final class Boundary {
  /** The width of a boundary as a part of the photo's diagonal. */
  public static final double DILATION_RATIO = 0.02;

  private Boundary() {}

  /** The boundary, of the mask's size. */
  static Rle of(Rle mask) {
    double diagonal =
        Math.sqrt((double) mask.height() * mask.height() + (double) mask.width() * mask.width());
    return mask.minus(inner(mask, (int) Math.max(1, Math.rint(DILATION_RATIO * diagonal))));
  }

  /** The pixels around which a square of 2 d + 1 pixels a side lies in the mask. */
  private static Rle inner(Rle mask, int d) {
    int height = mask.height();
    int[] box = mask.box();
    int regionHeight = box[2] - box[0];
    int regionWidth = box[3] - box[1];
    if (regionHeight <= 2 * d || regionWidth <= 2 * d) {
      return Rle.empty(height, mask.width());
    }
    byte[] pixels = mask.toBitmask();
    byte[] inner = new byte[regionHeight * regionWidth];
    // for each row, how many columns in a row have a run of 2 d + 1 pixels around this row
    int[] columns = new int[regionHeight];
    for (int x = 0; x < regionWidth; x++) {
      int column = (box[1] + x) * height + box[0];
      int run = 0;
      for (int y = 0; y < regionHeight; y++) {
        run = pixels[column + y] != 0 ? run + 1 : 0;
        if (y >= 2 * d) {
          int middle = y - d;
          columns[middle] = run > 2 * d ? columns[middle] + 1 : 0;
          if (columns[middle] > 2 * d) {
            inner[(x - d) * regionHeight + middle] = 1;
          }
        }
      }
    }
    return Rle.fromRegion(inner, box[0], box[1], regionHeight, regionWidth, height, mask.width());
  }
}

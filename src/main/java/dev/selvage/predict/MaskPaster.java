package dev.selvage.predict;

import dev.selvage.mask.Rle;
import dev.selvage.mask.RleBuilder;

/**
 * Resizes a small mask of probabilities to a box of the photo, as Matterport's unmold_mask does:
 * bilinear with pixel centres at halves, zero outside the small mask, set where a threshold or
 * more. Visits only the pixels of the box, column by column, and builds runs.
 */
final class MaskPaster {
  private MaskPaster() {}

  /**
   * Pastes one mask.
   *
   * @param masks [.,side,side] flat probabilities, row-major
   * @param offset of the mask's first value
   * @param box (y1,x1,y2,x2) in whole pixels, far edges exclusive, not empty
   * @param threshold lowest probability of a pixel that is set
   */
  static Rle paste(
      float[] masks, int offset, int side, int[] box, int height, int width, double threshold) {
    double[] region = {box[0], box[1], box[2], box[3]};
    return paste(masks, offset, side, region, height, width, threshold);
  }

  /**
   * The same into any region, of which only what is in the photo is drawn.
   *
   * @param region (y1,x1,y2,x2) in pixels, not empty
   */
  static Rle paste(
      float[] masks,
      int offset,
      int side,
      double[] region,
      int height,
      int width,
      double threshold) {
    int top = first(region[0]);
    int bottom = Math.min(height, first(region[2]));
    int right = Math.min(width, first(region[3]));
    double boxHeight = region[2] - region[0];
    double boxWidth = region[3] - region[1];
    RleBuilder runs = new RleBuilder(2 * Math.max(0, right - first(region[1])) + 2);
    // one column of the small mask between two zeros, interpolated across
    double[] column = new double[side + 2];
    for (int x = first(region[1]); x < right; x++) {
      double across = (x - region[1] + 0.5) * side / boxWidth - 0.5;
      int left = (int) Math.floor(across);
      double share = across - left;
      for (int y = 0; y < side; y++) {
        double a = left < 0 ? 0 : masks[offset + y * side + left];
        double b = left + 1 >= side ? 0 : masks[offset + y * side + left + 1];
        column[y + 1] = a + share * (b - a);
      }
      for (int y = top; y < bottom; y++) {
        double down = (y - region[0] + 0.5) * side / boxHeight - 0.5;
        int above = (int) Math.floor(down);
        double first = column[above + 1];
        if (first + (down - above) * (column[above + 2] - first) >= threshold) {
          runs.set(x * height + y, 1);
        }
      }
    }
    return runs.build(height, width);
  }

  /** The first pixel of the photo whose centre is not before a place. */
  private static int first(double place) {
    return Math.max(0, (int) Math.ceil(place - 0.5));
  }
}

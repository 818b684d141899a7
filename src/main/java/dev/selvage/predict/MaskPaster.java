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
   * @param box (y1,x1,y2,x2) in whole pixels, far edges exclusive, not empty, inside the photo
   * @param threshold lowest probability of a pixel that is set
   */
  static Rle paste(
      float[] masks, int offset, int side, int[] box, int height, int width, double threshold) {
    int boxHeight = box[2] - box[0];
    int boxWidth = box[3] - box[1];
    RleBuilder runs = new RleBuilder(2 * boxWidth + 2);
    // one column of the small mask between two zeros, interpolated across
    double[] column = new double[side + 2];
    for (int x = 0; x < boxWidth; x++) {
      double across = (x + 0.5) * side / boxWidth - 0.5;
      int left = (int) Math.floor(across);
      double share = across - left;
      for (int y = 0; y < side; y++) {
        double a = left < 0 ? 0 : masks[offset + y * side + left];
        double b = left + 1 >= side ? 0 : masks[offset + y * side + left + 1];
        column[y + 1] = a + share * (b - a);
      }
      int origin = (box[1] + x) * height + box[0];
      for (int y = 0; y < boxHeight; y++) {
        double down = (y + 0.5) * side / boxHeight - 0.5;
        int above = (int) Math.floor(down);
        double first = column[above + 1];
        if (first + (down - above) * (column[above + 2] - first) >= threshold) {
          runs.set(origin + y, 1);
        }
      }
    }
    return runs.build(height, width);
  }
}

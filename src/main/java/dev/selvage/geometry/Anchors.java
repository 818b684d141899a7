package dev.selvage.geometry;

/**
 * The boxes that the region proposal network starts from (Faster R-CNN 3.1.1, one scale a pyramid
 * level as in FPN 4.1), in the order level, row, column, ratio.
 */
public final class Anchors {
  private Anchors() {}

  /**
   * Anchors of all levels.
   *
   * @param scales side of a square anchor at each level, in pixels
   * @param ratios width / height
   * @param strides pixels between neighbouring cells of each level's feature map
   * @param anchorStride cells between neighbouring anchor centres
   * @return [A,4] flat (y1,x1,y2,x2) in pixels of the resized image; boxes may reach outside it
   */
  public static double[] pyramid(
      int[] scales, float[] ratios, int height, int width, int[] strides, int anchorStride) {
    double[] boxes =
        new double[4 * count(scales.length, ratios.length, height, width, strides, anchorStride)];
    int at = 0;
    for (int level = 0; level < scales.length; level++) {
      int rows = cells(height, strides[level]);
      int columns = cells(width, strides[level]);
      for (int y = 0; y < rows; y += anchorStride) {
        for (int x = 0; x < columns; x += anchorStride) {
          for (float ratio : ratios) {
            double root = Math.sqrt(ratio);
            double h = scales[level] / root;
            double w = scales[level] * root;
            double cy = (double) y * strides[level];
            double cx = (double) x * strides[level];
            boxes[at++] = cy - h / 2;
            boxes[at++] = cx - w / 2;
            boxes[at++] = cy + h / 2;
            boxes[at++] = cx + w / 2;
          }
        }
      }
    }
    return boxes;
  }

  /** The number of anchors that {@link #pyramid} gives. */
  public static int count(
      int levels, int ratios, int height, int width, int[] strides, int anchorStride) {
    int n = 0;
    for (int level = 0; level < levels; level++) {
      int rows = (cells(height, strides[level]) + anchorStride - 1) / anchorStride;
      int columns = (cells(width, strides[level]) + anchorStride - 1) / anchorStride;
      n += rows * columns * ratios;
    }
    return n;
  }

  private static int cells(int pixels, int stride) {
    return (pixels + stride - 1) / stride;
  }
}

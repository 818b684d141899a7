package dev.selvage.predict;

/**
 * Moves the edges of a mask to edges of the photo: a guided filter (He, Sun, Tang 2013, "Guided
 * Image Filtering", algorithm 1) with the photo's brightness as the guide. A model draws a mask in
 * 28x28 cells or so, and is unsure by about one of them where it ends; the photo often says it more
 * exactly. The result reaches a little beyond the box, since garments do.
 */
final class EdgeFilter {
  /** Height and width of a result, in cells. */
  static final int CELLS = 56;

  /** How far the result reaches beyond each side of the box, as a part of the box's size. */
  static final double MARGIN = 0.1875;

  /**
   * The filter's windows have 2 RADIUS + 1 cells: an eighth of the box on either side. On objects
   * of street photos a tenth and a seventh were as good, and so were margins of an eighth to a
   * third.
   */
  private static final int RADIUS = 5;

  /** Variance of the brightness, in 0..1, below which there is no edge. */
  private static final float FLAT = 1e-4f;

  private EdgeFilter() {}

  /**
   * Where a result lies: (y1,x1,y2,x2) in pixels of the photo, perhaps beyond its edges.
   *
   * @param box of the mask, in whole pixels
   */
  static double[] region(int[] box) {
    double down = MARGIN * (box[2] - box[0]);
    double across = MARGIN * (box[3] - box[1]);
    return new double[] {box[0] - down, box[1] - across, box[2] + down, box[3] + across};
  }

  /**
   * Filters one mask.
   *
   * @param mask [side,side] flat probabilities
   * @param box of the mask, (y1,x1,y2,x2) in whole pixels of the photo, not empty
   * @param height of the photo
   * @return [CELLS,CELLS] flat probabilities over the {@link #region}, times 255
   */
  static byte[] sharpen(float[] mask, int side, int[] box, int height, int width, Guide guide) {
    double[] region = region(box);
    float[] light = brightness(region, height, width, guide);
    float[] p = probabilities(mask, side, box, region);
    float[] meanLight = mean(light);
    float[] meanP = mean(p);
    float[] slope = mean(product(light, p));
    float[] variance = mean(product(light, light));
    float[] offset = new float[CELLS * CELLS];
    for (int i = 0; i < offset.length; i++) {
      float spread = variance[i] - meanLight[i] * meanLight[i];
      slope[i] = (slope[i] - meanLight[i] * meanP[i]) / (spread + FLAT);
      offset[i] = meanP[i] - slope[i] * meanLight[i];
    }
    float[] meanSlope = mean(slope);
    float[] meanOffset = mean(offset);
    byte[] sharp = new byte[CELLS * CELLS];
    for (int i = 0; i < sharp.length; i++) {
      float q = meanSlope[i] * light[i] + meanOffset[i];
      sharp[i] = (byte) Math.round(255 * Math.min(Math.max(q, 0), 1));
    }
    return sharp;
  }

  /** The mean brightness of each cell, 0..1; that of the nearest pixel beyond the photo. */
  private static float[] brightness(double[] region, int height, int width, Guide guide) {
    double down = (double) guide.height() / height;
    double across = (double) guide.width() / width;
    int[][] rows = pixels(region[0] * down, region[2] * down, guide.height());
    int[][] columns = pixels(region[1] * across, region[3] * across, guide.width());
    float[] light = new float[CELLS * CELLS];
    for (int y = 0; y < CELLS; y++) {
      for (int x = 0; x < CELLS; x++) {
        int sum = 0;
        for (int row : rows[y]) {
          for (int column : columns[x]) {
            sum += guide.brightness()[row * guide.width() + column] & 0xff;
          }
        }
        light[y * CELLS + x] = sum / (255f * rows[y].length * columns[x].length);
      }
    }
    return light;
  }

  /** For each cell of a line the pixels at evenly spread places in it, about one a pixel. */
  private static int[][] pixels(double begin, double end, int count) {
    double cell = (end - begin) / CELLS;
    int samples = Math.max(1, (int) Math.ceil(cell));
    int[][] pixels = new int[CELLS][samples];
    for (int c = 0; c < CELLS; c++) {
      for (int s = 0; s < samples; s++) {
        int pixel = (int) Math.floor(begin + (c + (s + 0.5) / samples) * cell);
        pixels[c][s] = Math.min(Math.max(pixel, 0), count - 1);
      }
    }
    return pixels;
  }

  /** The mask in the result's cells, as {@link MaskPaster} draws it in pixels. */
  private static float[] probabilities(float[] mask, int side, int[] box, double[] region) {
    float[] p = new float[CELLS * CELLS];
    for (int y = 0; y < CELLS; y++) {
      double down = place(region[0], region[2], y, box[0], box[2], side);
      int above = (int) Math.floor(down);
      for (int x = 0; x < CELLS; x++) {
        double across = place(region[1], region[3], x, box[1], box[3], side);
        int left = (int) Math.floor(across);
        double top = at(mask, side, above, left);
        top += (across - left) * (at(mask, side, above, left + 1) - top);
        double bottom = at(mask, side, above + 1, left);
        bottom += (across - left) * (at(mask, side, above + 1, left + 1) - bottom);
        p[y * CELLS + x] = (float) (top + (down - above) * (bottom - top));
      }
    }
    return p;
  }

  /** Where the centre of a result's cell lies in the mask, in its cells. */
  private static double place(double begin, double end, int cell, int first, int last, int side) {
    double pixel = begin + (cell + 0.5) / CELLS * (end - begin);
    return (pixel - first) * side / (last - first) - 0.5;
  }

  private static float at(float[] mask, int side, int y, int x) {
    return y < 0 || x < 0 || y >= side || x >= side ? 0 : mask[y * side + x];
  }

  private static float[] product(float[] a, float[] b) {
    float[] c = new float[a.length];
    for (int i = 0; i < c.length; i++) {
      c[i] = a[i] * b[i];
    }
    return c;
  }

  /** The mean over the window of each cell; windows end where the cells do. */
  private static float[] mean(float[] values) {
    float[] across = new float[values.length];
    for (int y = 0; y < CELLS; y++) {
      means(values, across, y * CELLS, 1);
    }
    float[] both = new float[values.length];
    for (int x = 0; x < CELLS; x++) {
      means(across, both, x, CELLS);
    }
    return both;
  }

  /** The means of one line, whose cells are `step` apart, by a running sum. */
  private static void means(float[] from, float[] to, int first, int step) {
    double sum = 0;
    int count = 0;
    for (int c = -RADIUS; c < CELLS; c++) {
      int enters = c + RADIUS;
      if (enters < CELLS) {
        sum += from[first + enters * step];
        count++;
      }
      int leaves = c - RADIUS - 1;
      if (leaves >= 0) {
        sum -= from[first + leaves * step];
        count--;
      }
      if (c >= 0) {
        to[first + c * step] = (float) (sum / count);
      }
    }
  }
}

package dev.selvage.eval;

/**
 * COCO's grids: IoU 0.50 to 0.95 by 0.05, recall 0 to 1 by 0.01, and how many detections a photo
 * may have.
 */
public final class CocoParams {
  public static final double[] IOU = grid(.5, .95, 10);
  public static final double[] RECALL = grid(0, 1, 101);
  public static final int[] DETECTIONS = {1, 10, 100};

  /** Indices into {@link #IOU}. */
  public static final int IOU_50 = 0;

  public static final int IOU_75 = 5;

  private CocoParams() {}

  /**
   * Evenly spaced values, rounded as NumPy's linspace rounds them: they are compared with exact
   * fractions.
   */
  private static double[] grid(double first, double last, int count) {
    double step = (last - first) / (count - 1);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = i * step + first;
    }
    values[count - 1] = last;
    return values;
  }
}

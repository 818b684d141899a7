package dev.selvage.geometry;

/**
 * Arithmetic on boxes (y1,x1,y2,x2). Normalized boxes are pixel boxes under (box - (0,0,1,1)) /
 * (h-1,w-1,h-1,w-1), so that the far edge of the last pixel is at 1.
 */
public final class Boxes {
  private Boxes() {}

  /** Pixel boxes [B,4], far edges exclusive, as normalized ones. */
  public static double[] normalize(double[] boxes, int height, int width) {
    double[] out = new double[boxes.length];
    for (int i = 0; i < boxes.length; i += 4) {
      out[i] = boxes[i] / (height - 1);
      out[i + 1] = boxes[i + 1] / (width - 1);
      out[i + 2] = (boxes[i + 2] - 1) / (height - 1);
      out[i + 3] = (boxes[i + 3] - 1) / (width - 1);
    }
    return out;
  }

  /** The same for boxes held in floats. */
  public static double[] normalize(float[] boxes, int height, int width) {
    return normalize(toDouble(boxes), height, width);
  }

  /**
   * Intersection over union of box i of a and box j of b (both flat [.,4]); 0 where both are empty.
   */
  public static double iou(double[] a, int i, double[] b, int j) {
    int p = 4 * i;
    int q = 4 * j;
    double h = Math.min(a[p + 2], b[q + 2]) - Math.max(a[p], b[q]);
    double w = Math.min(a[p + 3], b[q + 3]) - Math.max(a[p + 1], b[q + 1]);
    double common = Math.max(h, 0) * Math.max(w, 0);
    double union = area(a, i) + area(b, j) - common;
    return union == 0 ? 0 : common / union;
  }

  public static double area(double[] boxes, int i) {
    int p = 4 * i;
    return (boxes[p + 2] - boxes[p]) * (boxes[p + 3] - boxes[p + 1]);
  }

  /**
   * What the regression learns (R-CNN appendix C): the shift of the centre over the box's size and
   * the logarithm of the ratio of the sizes.
   *
   * @return (dy,dx,dh,dw), not yet divided by the standard deviations
   */
  public static double[] refinement(double[] boxes, int i, double[] truths, int j) {
    int p = 4 * i;
    int q = 4 * j;
    double h = boxes[p + 2] - boxes[p];
    double w = boxes[p + 3] - boxes[p + 1];
    double gh = truths[q + 2] - truths[q];
    double gw = truths[q + 3] - truths[q + 1];
    return new double[] {
      ((truths[q] + 0.5 * gh) - (boxes[p] + 0.5 * h)) / h,
      ((truths[q + 1] + 0.5 * gw) - (boxes[p + 1] + 0.5 * w)) / w,
      Math.log(gh / h),
      Math.log(gw / w)
    };
  }

  /**
   * A box moved and scaled by what was learned, the inverse of {@link #refinement}.
   *
   * @param deltas flat [.,4] (dy,dx,dh,dw), divided by the deviations
   * @param deviations (dy,dx,dh,dw)
   */
  public static double[] refined(float[] boxes, int i, float[] deltas, int j, float[] deviations) {
    int p = 4 * i;
    int q = 4 * j;
    double h = (double) boxes[p + 2] - boxes[p];
    double w = (double) boxes[p + 3] - boxes[p + 1];
    double y = boxes[p] + 0.5 * h + (double) deltas[q] * deviations[0] * h;
    double x = boxes[p + 1] + 0.5 * w + (double) deltas[q + 1] * deviations[1] * w;
    double newH = h * Math.exp((double) deltas[q + 2] * deviations[2]);
    double newW = w * Math.exp((double) deltas[q + 3] * deviations[3]);
    return new double[] {y - 0.5 * newH, x - 0.5 * newW, y + 0.5 * newH, x + 0.5 * newW};
  }

  /** One box of whole pixels. */
  public static double[] ofPixels(int[] box) {
    return new double[] {box[0], box[1], box[2], box[3]};
  }

  public static double[] toDouble(float[] values) {
    double[] out = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      out[i] = values[i];
    }
    return out;
  }

  public static float[] toFloat(double[] values) {
    float[] out = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      out[i] = (float) values[i];
    }
    return out;
  }
}

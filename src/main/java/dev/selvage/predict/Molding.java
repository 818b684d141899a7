package dev.selvage.predict;

import dev.selvage.data.image.ResizePlan;

/**
 * Where a photo lies in the image that the model saw.
 *
 * @param moldedHeight pixels of the model's image
 * @param window the photo's place in it, (y1,x1,y2,x2) in pixels, far edges exclusive
 * @param height pixels of the original photo
 */
public record Molding(int moldedHeight, int moldedWidth, int[] window, int height, int width) {
  /** The place that a plan gives a photo. */
  static Molding of(ResizePlan plan) {
    return new Molding(
        plan.height(), plan.width(), plan.window(), plan.originalHeight(), plan.originalWidth());
  }

  /** The same place for the photo at another size. */
  Molding at(int otherHeight, int otherWidth) {
    return new Molding(moldedHeight, moldedWidth, window, otherHeight, otherWidth);
  }

  /** The same place for the photo with so many pixels on its longer side. */
  Molding withLongerSide(int pixels) {
    double scale = (double) pixels / Math.max(height, width);
    return at(
        Math.max(1, (int) Math.rint(height * scale)), Math.max(1, (int) Math.rint(width * scale)));
  }

  /**
   * A box of the model as one of another image of the same photo.
   *
   * @param boxes as for {@link #toPhoto}
   * @return (y1,x1,y2,x2) in pixels of the other image, far edges exclusive
   */
  double[] toImageOf(Molding other, float[] boxes, int i) {
    double[] box = new double[4];
    for (int k = 0; k < 4; k++) {
      int axis = k % 2;
      int far = k / 2;
      double pixel = boxes[4 * i + k] * (side(axis) - 1) + far;
      double share = (pixel - window[axis]) / (window[axis + 2] - window[axis]);
      box[k] = other.window[axis] + share * (other.window[axis + 2] - other.window[axis]);
    }
    return box;
  }

  private int side(int axis) {
    return axis == 0 ? moldedHeight : moldedWidth;
  }

  /**
   * A box of this image as the model states it.
   *
   * @param box in pixels, far edges exclusive
   * @param out [.,4] flat, where box i is set
   */
  void toModel(double[] box, float[] out, int i) {
    for (int k = 0; k < 4; k++) {
      out[4 * i + k] = (float) ((box[k] - k / 2) / (side(k % 2) - 1));
    }
  }

  /**
   * A box of the model in whole pixels of the photo, halves rounded to even.
   *
   * @param boxes as for {@link #toPhoto}
   * @return (y1,x1,y2,x2), far edges exclusive; empty boxes are possible
   */
  int[] toPixels(float[] boxes, int i) {
    double[] box = toPhoto(boxes, i);
    int[] pixels = new int[4];
    for (int k = 0; k < 4; k++) {
      pixels[k] = (int) Math.rint(box[k]);
    }
    return pixels;
  }

  /**
   * A box of the model as one of the photo (Matterport's unmold_detections before its rounding).
   *
   * @param boxes flat [.,4] normalized (y1,x1,y2,x2) of the model's image
   * @return (y1,x1,y2,x2) in pixels of the original photo, far edges exclusive, inside the photo
   */
  double[] toPhoto(float[] boxes, int i) {
    double top = (double) window[0] / (moldedHeight - 1);
    double left = (double) window[1] / (moldedWidth - 1);
    double windowHeight = (window[2] - 1.0) / (moldedHeight - 1) - top;
    double windowWidth = (window[3] - 1.0) / (moldedWidth - 1) - left;
    return new double[] {
      clamp((boxes[4 * i] - top) / windowHeight * (height - 1), height),
      clamp((boxes[4 * i + 1] - left) / windowWidth * (width - 1), width),
      clamp((boxes[4 * i + 2] - top) / windowHeight * (height - 1) + 1, height),
      clamp((boxes[4 * i + 3] - left) / windowWidth * (width - 1) + 1, width)
    };
  }

  private static double clamp(double value, int limit) {
    return Math.min(Math.max(value, 0), limit);
  }
}

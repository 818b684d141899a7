package dev.selvage.sample.paint;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * How much of each pixel a shape covers, 0..255, within the rectangle that it touches. The
 * rectangle may reach beyond the photo.
 *
 * @param coverage [height, width] flat
 */
public record Stencil(int left, int top, int width, int height, byte[] coverage) {
  /** Samples a pixel has in each direction. */
  private static final int FINE = 4;

  private static final int FRACTION_BITS = 4;

  /**
   * Cuts a shape.
   *
   * @param margin pixels of nothing around it, for blurring
   * @return null where it lies off the photo
   */
  public static Stencil of(
      Shape shape, Placement place, int photoWidth, int photoHeight, int margin) {
    double[] box = {1e9, 1e9, -1e9, -1e9};
    for (Vec[] polygon : shape.polygons()) {
      for (Vec point : polygon) {
        Vec p = place.apply(point);
        box[0] = Math.min(box[0], p.x());
        box[1] = Math.min(box[1], p.y());
        box[2] = Math.max(box[2], p.x());
        box[3] = Math.max(box[3], p.y());
      }
    }
    int left = Math.max((int) Math.floor(box[0]) - margin, -margin);
    int top = Math.max((int) Math.floor(box[1]) - margin, -margin);
    int right = Math.min((int) Math.ceil(box[2]) + margin, photoWidth + margin);
    int bottom = Math.min((int) Math.ceil(box[3]) + margin, photoHeight + margin);
    if (right <= left || bottom <= top) {
      return null;
    }
    Stencil empty = new Stencil(left, top, right - left, bottom - top, null);
    try (Mat fine = empty.fine(shape, place);
        Mat pixels = new Mat(empty.height, empty.width, CV_8UC1);
        Size size = pixels.size()) {
      opencv_imgproc.resize(fine, pixels, size, 0, 0, opencv_imgproc.INTER_AREA);
      return new Stencil(left, top, empty.width, empty.height, bytes(pixels));
    }
  }

  /** The coverage, blurred twice by a square of the given radius in pixels. */
  public byte[] blurred(int radius) {
    try (BytePointer data = new BytePointer(coverage);
        Mat sharp = new Mat(height, width, CV_8UC1, data);
        Mat once = new Mat(height, width, CV_8UC1);
        Mat twice = new Mat(height, width, CV_8UC1);
        Size square = new Size(2 * radius + 1, 2 * radius + 1)) {
      opencv_imgproc.blur(sharp, once, square);
      opencv_imgproc.blur(once, twice, square);
      return bytes(twice);
    }
  }

  private Mat fine(Shape shape, Placement place) {
    Mat fine = new Mat(height * FINE, width * FINE, CV_8UC1);
    try (Scalar none = new Scalar(0)) {
      fine.put(none);
    }
    for (Vec[] polygon : shape.polygons()) {
      fill(fine, polygon, place);
    }
    if (shape.hole() != null) {
      try (Mat hole = fine(shape.hole(), place)) {
        opencv_core.subtract(fine, hole, fine);
      }
    }
    return fine;
  }

  private void fill(Mat fine, Vec[] polygon, Placement place) {
    int[] flat = new int[2 * polygon.length];
    for (int i = 0; i < polygon.length; i++) {
      Vec p = place.apply(polygon[i]);
      flat[2 * i] = fixed(p.x() - left);
      flat[2 * i + 1] = fixed(p.y() - top);
    }
    try (IntPointer data = new IntPointer(flat);
        Point points = new Point(data);
        IntPointer count = new IntPointer(new int[] {polygon.length});
        Scalar full = new Scalar(255);
        Point origin = new Point(0, 0)) {
      opencv_imgproc.fillPoly(
          fine, points, count, 1, full, opencv_imgproc.LINE_8, FRACTION_BITS, origin);
    }
  }

  /** OpenCV counts from the middle of the first sample. */
  private static int fixed(double pixels) {
    return (int) Math.round((pixels * FINE - 0.5) * (1 << FRACTION_BITS));
  }

  private static byte[] bytes(Mat pixels) {
    byte[] out = new byte[pixels.rows() * pixels.cols()];
    try (BytePointer data = pixels.data()) {
      data.get(out);
    }
    return out;
  }
}

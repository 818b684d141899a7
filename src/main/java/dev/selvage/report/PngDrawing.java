package dev.selvage.report;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.FILLED;
import static org.bytedeco.opencv.global.opencv_imgproc.FONT_HERSHEY_SIMPLEX;
import static org.bytedeco.opencv.global.opencv_imgproc.LINE_AA;

import java.nio.file.Path;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Size;

/** Draws with OpenCV, which needs no fonts and no display, at twice the pixels. */
final class PngDrawing implements Drawing, AutoCloseable {
  private static final int SCALE = 2;

  /** OpenCV takes places in 1/16 pixels. */
  private static final int SHIFT = 4;

  private static final int FONT = FONT_HERSHEY_SIMPLEX;

  /** Pixels of a line of OpenCV's font at scale 1, as other fonts state their size. */
  private static final double FONT_SIZE = 30;

  private static final double DASH = 4;
  private static final double GAP = 3;

  private final Mat sheet;

  PngDrawing(int width, int height) {
    sheet = new Mat(SCALE * height, SCALE * width, CV_8UC3, Colour.WHITE.scalar());
  }

  @Override
  public void curve(double[] x, double[] y, Stroke stroke) {
    double walked = 0;
    for (int i = 1; i < x.length; i++) {
      double length = Math.hypot(x[i] - x[i - 1], y[i] - y[i - 1]);
      if (!stroke.dashed()) {
        line(x[i - 1], y[i - 1], x[i], y[i], stroke);
        continue;
      }
      for (double at = 0; at < length; ) {
        double phase = (walked + at) % (DASH + GAP);
        double end =
            Math.min(length, at + Math.max(1e-3, (phase < DASH ? DASH : DASH + GAP) - phase));
        if (phase < DASH) {
          line(
              between(x[i - 1], x[i], at / length),
              between(y[i - 1], y[i], at / length),
              between(x[i - 1], x[i], end / length),
              between(y[i - 1], y[i], end / length),
              stroke);
        }
        at = end;
      }
      walked += length;
    }
  }

  private static double between(double a, double b, double share) {
    return a + (b - a) * share;
  }

  private void line(double x1, double y1, double x2, double y2, Stroke stroke) {
    try (Point from = fine(x1, y1);
        Point to = fine(x2, y2)) {
      int thickness = Math.max(1, (int) Math.round(SCALE * stroke.width()));
      opencv_imgproc.line(sheet, from, to, stroke.colour().scalar(), thickness, LINE_AA, SHIFT);
    }
  }

  private static Point fine(double x, double y) {
    int unit = SCALE << SHIFT;
    return new Point((int) Math.round(x * unit), (int) Math.round(y * unit));
  }

  @Override
  public void dot(double x, double y, double radius, Colour colour) {
    try (Point centre = fine(x, y)) {
      int r = (int) Math.round(radius * (SCALE << SHIFT));
      opencv_imgproc.circle(sheet, centre, r, colour.scalar(), FILLED, LINE_AA, SHIFT);
    }
  }

  @Override
  public void text(double x, double y, String text, double size, Anchor anchor, Colour colour) {
    String printable = CategoryNames.printable(text);
    double left =
        switch (anchor) {
          case LEFT -> x;
          case MIDDLE -> x - textWidth(printable, size) / 2;
          case RIGHT -> x - textWidth(printable, size);
        };
    try (Point place = new Point((int) Math.round(SCALE * left), (int) Math.round(SCALE * y))) {
      opencv_imgproc.putText(
          sheet,
          printable,
          place,
          FONT,
          SCALE * size / FONT_SIZE,
          colour.scalar(),
          thickness(size),
          LINE_AA,
          false);
    }
  }

  @Override
  public double textWidth(String text, double size) {
    String printable = CategoryNames.printable(text);
    try (IntPointer baseline = new IntPointer(1);
        Size pixels =
            opencv_imgproc.getTextSize(
                printable, FONT, SCALE * size / FONT_SIZE, thickness(size), baseline)) {
      return (double) pixels.width() / SCALE;
    }
  }

  private static int thickness(double size) {
    return size > 13 ? 2 : 1;
  }

  /** Writes the file, whole or not at all. */
  void write(Path target) {
    PictureFile.writePng(target, sheet);
  }

  @Override
  public void close() {
    sheet.close();
  }
}

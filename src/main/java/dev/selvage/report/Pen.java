package dev.selvage.report;

import static org.bytedeco.opencv.global.opencv_imgproc.FILLED;
import static org.bytedeco.opencv.global.opencv_imgproc.FONT_HERSHEY_SIMPLEX;
import static org.bytedeco.opencv.global.opencv_imgproc.LINE_AA;

import dev.selvage.report.CaptionLayout.Area;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Size;

/** Lines and letters in sizes that suit a picture: larger pictures get thicker and larger ones. */
final class Pen {
  private static final int FONT = FONT_HERSHEY_SIMPLEX;

  /** Height of a capital letter of OpenCV's font at scale 1. */
  private static final double CAPITAL = 21;

  private final double fontScale;
  private final int fontThickness;
  private final int lineWidth;

  /** For pictures of this many pixels. */
  Pen(int height, int width) {
    int longest = Math.max(height, width);
    double capital = Math.max(8, longest / 85.0);
    fontScale = capital / CAPITAL;
    fontThickness = Math.max(1, (int) Math.round(capital / 10));
    lineWidth = Math.max(1, (int) Math.round(longest / 800.0));
  }

  int lineWidth() {
    return lineWidth;
  }

  /** Pixels around the letters of a caption. */
  int padding() {
    return (int) Math.ceil(fontScale * 9);
  }

  int captionHeight() {
    return (int) Math.ceil(fontScale * (CAPITAL + 6)) + 2 * padding();
  }

  int captionWidth(String text) {
    try (IntPointer baseline = new IntPointer(1);
        Size size = opencv_imgproc.getTextSize(text, FONT, fontScale, fontThickness, baseline)) {
      return size.width() + 2 * padding();
    }
  }

  /** The text, cut off where its caption would be wider. */
  String fitting(String text, int width) {
    String cut = text;
    while (cut.length() > 1 && captionWidth(cut) > width) {
      cut = cut.substring(0, cut.length() - 1);
    }
    return cut;
  }

  /** Text on a ground of its own. */
  void caption(Mat picture, String text, Area area, Colour ground) {
    fill(picture, area, ground);
    int baseline = area.bottom() - padding() - (int) Math.round(fontScale * 5);
    opencv_imgproc.putText(
        picture,
        text,
        new Point(area.x() + padding(), baseline),
        FONT,
        fontScale,
        ground.ink().scalar(),
        fontThickness,
        LINE_AA,
        false);
  }

  void fill(Mat picture, Area area, Colour colour) {
    opencv_imgproc.rectangle(
        picture,
        new Rect(area.x(), area.y(), area.width(), area.height()),
        colour.scalar(),
        FILLED,
        LINE_AA,
        0);
  }

  void line(Mat picture, int x1, int y1, int x2, int y2, Colour colour) {
    opencv_imgproc.line(
        picture, new Point(x1, y1), new Point(x2, y2), colour.scalar(), lineWidth, LINE_AA, 0);
  }

  /** The outline of a box, dashed. */
  void dashed(Mat picture, Area box, Colour colour) {
    horizontal(picture, box.x(), box.right(), box.y(), colour);
    horizontal(picture, box.x(), box.right(), box.bottom(), colour);
    vertical(picture, box.y(), box.bottom(), box.x(), colour);
    vertical(picture, box.y(), box.bottom(), box.right(), colour);
  }

  private void horizontal(Mat picture, int from, int to, int y, Colour colour) {
    for (int x = from; x < to; x += 2 * dash()) {
      line(picture, x, y, Math.min(x + dash(), to), y, colour);
    }
  }

  private void vertical(Mat picture, int from, int to, int x, Colour colour) {
    for (int y = from; y < to; y += 2 * dash()) {
      line(picture, x, y, x, Math.min(y + dash(), to), colour);
    }
  }

  private int dash() {
    return 5 * lineWidth + 1;
  }
}

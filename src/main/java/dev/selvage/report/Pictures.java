package dev.selvage.report;

import dev.selvage.data.Box;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.report.CaptionLayout.Area;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/** Pictures of results, and of truth next to result. */
public final class Pictures {
  /** Longest side of a photo drawn alone: smaller ones are enlarged, larger ones made smaller. */
  private static final int LEAST = 1000;

  /** Photos larger than this are made smaller, which keeps the files small. */
  public static final int MOST = 2048;

  /** The same for one of two photos side by side. */
  private static final int LEAST_HALF = 900;

  public static final int MOST_HALF = 1200;

  private static final Colour GROUND = new Colour(28, 28, 30);

  private final CategoryNames names;

  /**
   * For one dataset.
   *
   * @param names of the categories in class order
   */
  public Pictures(List<String> names) {
    this.names = new CategoryNames(names);
  }

  /**
   * Writes the photo with what was found in it.
   *
   * @param photo RGB bytes, at its own size or smaller
   * @param height pixels of the original photo
   */
  public void result(Path file, Mat photo, int height, int width, List<Detection> found) {
    try (Mat picture = result(photo, height, width, found)) {
      PictureFile.write(file, picture);
    }
  }

  /** The same picture as the bytes of a JPEG file. */
  public byte[] resultJpeg(Mat photo, int height, int width, List<Detection> found) {
    try (Mat picture = result(photo, height, width, found)) {
      return PictureFile.jpeg(picture).bytes();
    }
  }

  /** The same picture as the bytes of a PNG file. */
  public byte[] resultPng(Mat photo, int height, int width, List<Detection> found) {
    try (Mat picture = result(photo, height, width, found)) {
      return PictureFile.png(picture);
    }
  }

  private Mat result(Mat photo, int height, int width, List<Detection> found) {
    return new Overlay(height, width, LEAST, MOST).draw(photo, foundMarks(found));
  }

  /**
   * Truth at the left and result at the right.
   *
   * @param photo RGB bytes, at its own size or smaller
   * @param height pixels of the original photo
   * @param found objects of at least the score limit, which the title says
   */
  public Jpeg sideBySide(
      Mat photo, int height, int width, List<Instance> truth, List<Detection> found, float limit) {
    String title = String.format(Locale.ROOT, ", score %.2f or more", limit);
    return sideBySide(photo, height, width, truth, found, title);
  }

  /** The same with a title that says what the result is, and the number of objects. */
  @SuppressWarnings("try") // the scope frees what is made inside it
  Jpeg sideBySide(
      Mat photo,
      int height,
      int width,
      List<Instance> truth,
      List<Detection> found,
      String resultTitle) {
    Overlay overlay = new Overlay(height, width, LEAST_HALF, MOST_HALF);
    try (PointerScope scope = new PointerScope()) {
      Mat left = overlay.draw(photo, truthMarks(truth));
      Mat right = overlay.draw(photo, foundMarks(found));
      Pen pen = new Pen(left.rows(), left.cols());
      int strip = 2 * pen.captionHeight();
      int gap = 4 * pen.lineWidth();
      int second = left.cols() + gap;
      Mat sheet = new Mat(left.rows() + strip, second + right.cols(), left.type(), GROUND.scalar());
      left.copyTo(new Mat(sheet, new Rect(0, strip, left.cols(), left.rows())));
      right.copyTo(new Mat(sheet, new Rect(second, strip, right.cols(), right.rows())));
      title(sheet, pen, 0, left.cols(), "truth: " + objects(truth.size()));
      title(sheet, pen, second, right.cols(), "detected: " + objects(found.size()) + resultTitle);
      return PictureFile.jpeg(sheet);
    }
  }

  private static void title(Mat sheet, Pen pen, int x, int width, String text) {
    int height = pen.captionHeight();
    pen.caption(sheet, text, new Area(x, height / 2, width, height), GROUND);
  }

  private static String objects(int count) {
    return count + (count == 1 ? " object" : " objects");
  }

  /** Truths have no order of their own; small objects have the fewest places for a caption. */
  private List<LabeledMask> truthMarks(List<Instance> truth) {
    return truth.stream()
        .map(
            t ->
                new LabeledMask(
                    t.classId(),
                    names.of(t.classId()) + (t.crowd() ? " crowd" : ""),
                    Box.of(t.mask()),
                    t.mask()))
        .sorted(Comparator.comparingInt(mark -> mark.mask().area()))
        .toList();
  }

  private List<LabeledMask> foundMarks(List<Detection> found) {
    return found.stream()
        .map(
            f ->
                new LabeledMask(
                    f.classId(),
                    String.format(Locale.ROOT, "%s %.2f", names.of(f.classId()), f.score()),
                    f.box(),
                    f.mask()))
        .toList();
  }
}

package dev.selvage.data.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR_RGB;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;

import dev.selvage.util.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Decodes and resizes photos with OpenCV on the calling thread alone. Pixels are taken as they are
 * stored: a camera's rotation mark is not followed, since annotations count the stored pixels. A
 * damaged JPEG is used as far as it decodes. Thread-safe.
 */
public final class Photos {
  static {
    // the loader has its own threads; more would compete with the model's for the cores
    opencv_core.setNumThreads(1);
  }

  private final Set<Path> named = ConcurrentHashMap.newKeySet();
  private final Consumer<Path> damaged;

  /** Names files that cannot be decoded on stderr. */
  public Photos() {
    this(file -> System.err.println(file + ": cannot be decoded and is skipped"));
  }

  /**
   * Reports files that cannot be decoded.
   *
   * @param damaged called once per file, possibly on several threads at a time
   */
  public Photos(Consumer<Path> damaged) {
    this.damaged = damaged;
  }

  /**
   * A photo resized by a plan.
   *
   * @return empty where the file cannot be decoded; this is reported once per file
   * @throws UserError the photo has another size than the plan was made for
   */
  public Optional<ResizedPhoto> resized(Path file, ResizePlan plan) {
    Mat decoded = decode(file, plan, plan.reduction());
    if (decoded == null) {
      return Optional.empty();
    }
    try (decoded) {
      return Optional.of(new ResizedPhoto(resize(decoded, plan), plan));
    }
  }

  /**
   * Decodes a photo at 1/reduction of its size and checks the size.
   *
   * @return null where it cannot be decoded; this is reported once per file
   * @throws UserError the photo has another size than the plan was made for
   */
  Mat decode(Path file, ResizePlan plan, int reduction) {
    Mat decoded = decode(file, reduction);
    if (decoded != null) {
      int rows = decoded.rows();
      int columns = decoded.cols();
      if (!isPart(rows, plan.originalHeight(), reduction)
          || !isPart(columns, plan.originalWidth(), reduction)) {
        decoded.close();
        throw new UserError(
            "%s: expected a photo of height %d and width %d, found %d and %d%s"
                .formatted(
                    file,
                    plan.originalHeight(),
                    plan.originalWidth(),
                    rows,
                    columns,
                    reduction == 1 ? "" : " at 1/%d of its size".formatted(reduction)));
      }
    }
    return decoded;
  }

  /** Whether a side is 1/reduction of another: decoders round up (JPEG) or down (all others). */
  private static boolean isPart(int part, int whole, int reduction) {
    return part == whole / reduction || part == (whole + reduction - 1) / reduction;
  }

  /**
   * Pixels of a photo, from its header where that states them.
   *
   * @return empty where the file cannot be decoded; this is reported once per file
   */
  public Optional<PhotoSize> size(Path file) {
    try {
      Optional<PhotoSize> stated = PhotoSize.read(file);
      if (stated.isPresent()) {
        return stated;
      }
    } catch (IOException e) {
      // a file that cannot be read cannot be decoded either, which is said below
    }
    Optional<Mat> decoded = original(file);
    Optional<PhotoSize> size = decoded.map(photo -> new PhotoSize(photo.rows(), photo.cols()));
    decoded.ifPresent(Mat::close);
    return size;
  }

  /**
   * A photo to draw on, red first, as an OpenCV matrix of bytes that the caller closes: at its own
   * size or, which is faster, a half, a quarter or an eighth of it.
   *
   * @param longest pixels that the longer side keeps at least
   * @return empty where the file cannot be decoded; this is reported once per file
   */
  public Optional<Mat> atLeast(Path file, PhotoSize size, int longest) {
    int reduction = 8;
    while (reduction > 1 && Math.max(size.height(), size.width()) / reduction < longest) {
      reduction /= 2;
    }
    return Optional.ofNullable(decode(file, reduction));
  }

  /**
   * A photo at its own size, red first, as an OpenCV matrix of bytes that the caller closes.
   *
   * @return empty where the file cannot be decoded; this is reported once per file
   */
  public Optional<Mat> original(Path file) {
    return Optional.ofNullable(decode(file, 1));
  }

  /**
   * A photo 1/reduction of its size, both sides rounded up. JPEG is decoded at that size, which
   * saves most of the time and memory; of other files the whole photo is held for a moment.
   */
  private Mat decode(Path file, int reduction) {
    if (reduction == 1 || isJpeg(file)) {
      // OpenCV's flags for reduced reading are 16, 32 and 64 for 1/2, 1/4 and 1/8
      return read(file, reduction == 1 ? 0 : 8 * reduction);
    }
    Mat whole = read(file, 0);
    if (whole == null) {
      return null;
    }
    Mat reduced = new Mat();
    try (whole;
        Size size =
            new Size(
                (whole.cols() + reduction - 1) / reduction,
                (whole.rows() + reduction - 1) / reduction)) {
      opencv_imgproc.resize(whole, reduced, size, 0, 0, INTER_AREA);
    }
    return reduced;
  }

  private static boolean isJpeg(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.read() == 0xFF && in.read() == 0xD8;
    } catch (IOException e) {
      return false; // a file that cannot be read cannot be decoded either, which is said then
    }
  }

  private Mat read(Path file, int scaling) {
    Mat decoded = null;
    try {
      decoded =
          opencv_imgcodecs.imread(
              file.toString(), IMREAD_COLOR_RGB | IMREAD_IGNORE_ORIENTATION | scaling);
      if (!decoded.empty()) {
        return decoded;
      }
    } catch (RuntimeException e) {
      // OpenCV throws for some kinds of damage and gives nothing for others; both mean the same
      // here
    }
    if (decoded != null) {
      decoded.close();
    }
    if (named.add(file)) {
      damaged.accept(file);
    }
    return null;
  }

  private static BytePointer resize(Mat photo, ResizePlan plan) {
    BytePointer pixels = new BytePointer(3L * plan.height() * plan.width());
    int[] window = plan.window();
    int rows = window[2] - window[0];
    int columns = window[3] - window[1];
    if (rows < plan.height() || columns < plan.width()) {
      Pointer.memset(pixels, 0, pixels.capacity());
    }
    boolean cut = rows < plan.scaledHeight() || columns < plan.scaledWidth();
    try (Mat image = new Mat(plan.height(), plan.width(), CV_8UC3, pixels);
        Rect place = new Rect(window[1], window[0], columns, rows);
        Mat inside = new Mat(image, place)) {
      if (cut) {
        try (Mat scaled = new Mat(plan.scaledHeight(), plan.scaledWidth(), CV_8UC3);
            Rect kept = new Rect(window[1] - plan.left(), window[0] - plan.top(), columns, rows);
            Mat part = new Mat(scaled, kept)) {
          scale(photo, scaled);
          part.copyTo(inside);
        }
      } else {
        scale(photo, inside);
      }
    }
    return pixels;
  }

  /** Fills a matrix of the right size in place. */
  private static void scale(Mat photo, Mat out) {
    if (photo.rows() == out.rows() && photo.cols() == out.cols()) {
      photo.copyTo(out);
    } else {
      try (Size size = out.size()) {
        opencv_imgproc.resize(photo, out, size);
      }
    }
  }

  /** Mirrors an image left to right, in place. */
  public static void flip(ResizedPhoto photo) {
    try (Mat image = new Mat(photo.plan().height(), photo.plan().width(), CV_8UC3, photo.rgb())) {
      opencv_core.flip(image, image, 1);
    }
  }
}

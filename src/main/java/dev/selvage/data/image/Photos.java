package dev.selvage.data.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import dev.selvage.config.ExifMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Decodes and resizes photos with OpenCV on the calling thread alone. A photo is turned as the
 * orientation mark of its EXIF says where the size in its annotations says so too; where that does
 * not tell, EXIF_ORIENTATION decides. A damaged JPEG is used as far as it decodes. Thread-safe.
 */
public final class Photos {
  private final Set<Path> named = ConcurrentHashMap.newKeySet();
  private final ExifMode mode;
  private final OrientationTally tally;
  private final BiConsumer<Path, String> unusable;

  /** Names photos that cannot be used on stderr, and follows orientation marks. */
  public Photos() {
    this(ExifMode.APPLY);
  }

  /** Reports photos that cannot be used, and follows orientation marks. */
  public Photos(BiConsumer<Path, String> unusable) {
    this(ExifMode.APPLY, unusable);
  }

  /** Names photos that cannot be used on stderr. */
  public Photos(ExifMode mode) {
    this(mode, (file, why) -> System.err.println(file + ": " + why + "; the photo is skipped"));
  }

  /**
   * Reports photos that cannot be used.
   *
   * @param mode what an orientation mark means where the annotations do not tell
   * @param unusable called once per file with the cause, possibly on several threads at a time
   */
  public Photos(ExifMode mode, BiConsumer<Path, String> unusable) {
    this.mode = mode;
    this.unusable = unusable;
    tally = new OrientationTally(mode);
  }

  /** How many of the photos so far have an orientation mark, and how they were taken. */
  public OrientationTally orientations() {
    return tally;
  }

  /**
   * A photo resized by a plan.
   *
   * @return empty where the photo cannot be used: it cannot be decoded, or has another size than
   *     the plan was made for; this is reported once per file
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
   * A part of a decoded photo, resized by a plan. Like a photo of its own it is first reduced to a
   * half, a quarter or an eighth where that is enough.
   *
   * @param photo from {@link #atLeast}, at its own size
   * @param top row of the photo at which the part begins
   * @param plan for a photo of the part's size
   */
  public static ResizedPhoto part(Mat photo, int top, int left, ResizePlan plan) {
    int height = plan.originalHeight();
    int width = plan.originalWidth();
    int reduction = plan.reduction();
    try (Rect place = new Rect(left, top, width, height);
        Mat part = new Mat(photo, place);
        Mat reduced = new Mat()) {
      if (reduction == 1) {
        return new ResizedPhoto(resize(part, plan), plan);
      }
      try (Size size = new Size(width / reduction, height / reduction)) {
        opencv_imgproc.resize(part, reduced, size, 0, 0, opencv_imgproc.INTER_AREA);
      }
      return new ResizedPhoto(resize(reduced, plan), plan);
    }
  }

  /**
   * Decodes a photo at 1/reduction of its size and checks the size.
   *
   * @return null where it cannot be used; this is reported once per file
   */
  Mat decode(Path file, ResizePlan plan, int reduction) {
    PhotoSize expected = new PhotoSize(plan.originalHeight(), plan.originalWidth());
    return decode(file, Optional.of(expected), reduction).orElse(null);
  }

  /**
   * Pixels of a photo without annotations, from its header alone.
   *
   * @return empty where the file is no photo; this is reported once per file
   */
  public Optional<PhotoSize> size(Path file) {
    try {
      PhotoHeader header = header(file);
      tally.add(file, header, Optional.empty());
      return Optional.of(header.size(mode));
    } catch (UnusablePhoto e) {
      report(file, e);
      return Optional.empty();
    }
  }

  /**
   * A photo to draw on, red first, as an OpenCV matrix of bytes that the caller closes: at its own
   * size or, which is faster, a half, a quarter or an eighth of it.
   *
   * @param size of the photo, as its annotations state it
   * @param longest pixels that the longer side keeps at least
   * @return empty where the photo cannot be used; this is reported once per file
   */
  public Optional<Mat> atLeast(Path file, PhotoSize size, int longest) {
    return decode(file, Optional.of(size), reduction(size, longest));
  }

  /** How many times smaller a photo may be so that its longer side keeps some pixels. */
  static int reduction(PhotoSize size, int longest) {
    int reduction = 8;
    while (reduction > 1 && Math.max(size.height(), size.width()) / reduction < longest) {
      reduction /= 2;
    }
    return reduction;
  }

  /**
   * A photo without annotations at its own size, red first, as an OpenCV matrix of bytes that the
   * caller closes.
   *
   * @return empty where the photo cannot be used; this is reported once per file
   */
  public Optional<Mat> original(Path file) {
    return decode(file, Optional.empty(), 1);
  }

  private Optional<Mat> decode(Path file, Optional<PhotoSize> annotated, int reduction) {
    try {
      PhotoHeader header = header(file);
      ExifOrientation turn = header.turn(annotated, mode);
      PhotoSize expected = annotated.orElse(turn.of(header.stored()));
      require(expected, turn.of(header.stored()), 1);
      Mat decoded = PhotoDecoder.decode(file, header, reduction);
      try {
        turn.apply(decoded);
        require(expected, new PhotoSize(decoded.rows(), decoded.cols()), reduction);
        tally.add(file, header, annotated);
        return Optional.of(decoded);
      } catch (UnusablePhoto e) {
        decoded.close();
        throw e;
      }
    } catch (UnusablePhoto e) {
      report(file, e);
      return Optional.empty();
    }
  }

  private static PhotoHeader header(Path file) throws UnusablePhoto {
    try {
      Optional<PhotoHeader> header = PhotoHeader.read(file);
      if (header.isEmpty()) {
        throw new UnusablePhoto(PhotoIntegrity.reason(file));
      }
      return header.get();
    } catch (IOException e) {
      throw new UnusablePhoto("cannot be read (" + e + ")");
    }
  }

  static void require(PhotoSize expected, PhotoSize found, int reduction) throws UnusablePhoto {
    if (!isPart(found.height(), expected.height(), reduction)
        || !isPart(found.width(), expected.width(), reduction)) {
      throw new UnusablePhoto(
          "expected a photo of height %d and width %d, found %d and %d%s"
              .formatted(
                  expected.height(),
                  expected.width(),
                  found.height(),
                  found.width(),
                  reduction == 1 ? "" : " at 1/%d of its size".formatted(reduction)));
    }
  }

  /** Whether a side is 1/reduction of another: decoders round up (JPEG) or down (all others). */
  private static boolean isPart(int part, int whole, int reduction) {
    return part == whole / reduction || part == (whole + reduction - 1) / reduction;
  }

  private void report(Path file, UnusablePhoto why) {
    if (named.add(file)) {
      unusable.accept(file, why.getMessage());
    }
  }

  static BytePointer resize(Mat photo, ResizePlan plan) {
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

package dev.selvage.resize;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;

import dev.selvage.config.ExifMode;
import dev.selvage.data.image.OrientationTally;
import dev.selvage.data.image.PhotoHeader;
import dev.selvage.data.image.PhotoHeader.Format;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.data.image.Photos;
import dev.selvage.util.AtomicFile;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/** Makes one photo smaller. Thread-safe. */
final class PhotoResizer {
  private static final int QUALITY = 95;

  /** Pixel bytes beyond which a photo is averaged down before the kernel sees it: 89 megapixels. */
  private static final long LARGE = 1L << 28;

  private final int side;
  private final ExifMode mode;
  private final Photos photos;
  private final Map<Path, String> problems = new ConcurrentHashMap<>();

  /** What became of a photo. */
  enum Outcome {
    SHRUNK,
    COPIED,
    UNREADABLE
  }

  /**
   * For one size.
   *
   * @param side pixels of the longest side at most
   * @param mode what an orientation mark means where the annotations do not tell
   */
  PhotoResizer(int side, ExifMode mode) {
    this.side = side;
    this.mode = mode;
    photos = new Photos(mode, problems::putIfAbsent);
  }

  /** How many photos so far have an orientation mark, and how they were taken. */
  OrientationTally orientations() {
    return photos.orientations();
  }

  /** Why a photo is UNREADABLE. */
  String problem(Path photo) {
    return problems.getOrDefault(photo, "cannot be decoded");
  }

  /** The size that a photo gets; its own where that is small enough. */
  static PhotoSize fit(PhotoSize size, int side) {
    int longest = Math.max(size.height(), size.width());
    return longest <= side
        ? size
        : new PhotoSize(part(size.height(), side, longest), part(size.width(), side, longest));
  }

  private static int part(int length, int side, int longest) {
    return (int) Math.max(1, Math.round((double) length * side / longest));
  }

  /**
   * Writes the photo in its own format and without an orientation mark, whole or not at all; one
   * that is small enough and not to be turned keeps its pixels.
   *
   * @param annotated the size that annotations state, which tells how to turn it
   * @throws UserError it cannot be written
   */
  Outcome shrink(Path photo, Optional<PhotoSize> annotated, Path target) {
    Optional<PhotoHeader> read = header(photo);
    if (read.isEmpty()) {
      return Outcome.UNREADABLE;
    }
    PhotoHeader header = read.get();
    PhotoSize size = header.turn(annotated, mode).of(header.stored());
    PhotoSize small = fit(size, side);
    if (small.equals(size) && header.turn(annotated, mode).isUpright()) {
      photos.orientations().add(photo, header, annotated);
      copy(photo, header, target);
      return Outcome.COPIED;
    }
    // a JPEG's own reduction averages, so the kernel needs no more than twice the size
    int longest = header.format() == Format.JPEG ? 2 * side : Integer.MAX_VALUE;
    Optional<Mat> decoded = photos.atLeast(photo, size, longest);
    if (decoded.isEmpty()) {
      return Outcome.UNREADABLE;
    }
    try (Mat large = decoded.get()) {
      average(large);
      byte[] pixels = new byte[Math.multiplyExact(3 * large.rows(), large.cols())];
      large.data().get(pixels);
      if (!small.equals(size)) {
        pixels = Lanczos.resize(pixels, large.rows(), large.cols(), small.height(), small.width());
      }
      write(pixels, small, header.format(), target);
    }
    return Outcome.SHRUNK;
  }

  private Optional<PhotoHeader> header(Path photo) {
    try {
      Optional<PhotoHeader> header = PhotoHeader.read(photo);
      if (header.isEmpty()) {
        photos.size(photo); // which finds out why
      }
      return header;
    } catch (IOException e) {
      problems.putIfAbsent(photo, "cannot be read (" + e + ")");
      return Optional.empty();
    }
  }

  /** Averages a very large photo down to twice the size, in place. */
  private void average(Mat photo) {
    if (3L * photo.rows() * photo.cols() > LARGE) {
      PhotoSize twice = fit(new PhotoSize(photo.rows(), photo.cols()), 2 * side);
      try (Size size = new Size(twice.width(), twice.height());
          Mat averaged = new Mat()) {
        opencv_imgproc.resize(photo, averaged, size, 0, 0, INTER_AREA);
        photo.put(averaged);
      }
    }
  }

  private static void copy(Path photo, PhotoHeader header, Path target) {
    byte[] bytes = read(photo);
    header.removeMark(ByteBuffer.wrap(bytes));
    AtomicFile.write(target, ByteBuffer.wrap(bytes));
  }

  /** Copies a file, whole or not at all. */
  static void copy(Path file, Path target) {
    AtomicFile.write(target, ByteBuffer.wrap(read(file)));
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(file, e), e);
    }
  }

  private static void write(byte[] rgb, PhotoSize size, Format format, Path target) {
    try (BytePointer pixels = new BytePointer(rgb);
        Mat picture = new Mat(size.height(), size.width(), CV_8UC3, pixels);
        BytePointer encoded = new BytePointer();
        IntPointer quality = new IntPointer(IMWRITE_JPEG_QUALITY, QUALITY)) {
      opencv_imgproc.cvtColor(picture, picture, COLOR_RGB2BGR);
      boolean made =
          format == Format.JPEG
              ? opencv_imgcodecs.imencode(ending(format), picture, encoded, quality)
              : opencv_imgcodecs.imencode(ending(format), picture, encoded);
      if (!made) {
        throw new IllegalStateException("OpenCV encodes no " + ending(format));
      }
      AtomicFile.write(target, encoded.asBuffer());
    }
  }

  /** OpenCV's name of a format. */
  private static String ending(Format format) {
    return switch (format) {
      case JPEG -> ".jpg";
      case BMP -> ".bmp";
      case WEBP -> ".webp";
      case TIFF -> ".tif";
      case PNG, GIF -> ".png"; // GIF has 256 colours only
    };
  }
}

package dev.selvage.resize;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;

import dev.selvage.data.image.PhotoSize;
import dev.selvage.data.image.Photos;
import dev.selvage.util.AtomicFile;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/** Makes one photo smaller. Thread-safe. */
final class PhotoResizer {
  private static final int QUALITY = 95;

  private final int side;
  private final Photos photos = new Photos(file -> {}); // whoever asks is told

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
   */
  PhotoResizer(int side) {
    this.side = side;
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
   * Writes the photo in its own format, whole or not at all; one that is small enough is copied
   * byte for byte.
   *
   * @throws UserError it cannot be written
   */
  Outcome shrink(Path photo, Path target) {
    Optional<PhotoSize> size = photos.size(photo);
    if (size.isEmpty()) {
      return Outcome.UNREADABLE;
    }
    PhotoSize small = fit(size.get(), side);
    if (small.equals(size.get())) {
      copy(photo, target);
      return Outcome.COPIED;
    }
    Optional<Mat> decoded =
        isJpeg(photo)
            // a JPEG's own reduction averages, so the kernel needs no more than twice the size
            ? photos.atLeast(photo, size.get(), 2 * side)
            : photos.original(photo);
    if (decoded.isEmpty()) {
      return Outcome.UNREADABLE;
    }
    try (Mat large = decoded.get()) {
      byte[] pixels = new byte[Math.multiplyExact(3 * large.rows(), large.cols())];
      large.data().get(pixels);
      byte[] resized =
          Lanczos.resize(pixels, large.rows(), large.cols(), small.height(), small.width());
      write(resized, small, target);
    }
    return Outcome.SHRUNK;
  }

  /** Copies a file, whole or not at all. */
  static void copy(Path file, Path target) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(file, e), e);
    }
    AtomicFile.write(target, ByteBuffer.wrap(bytes));
  }

  private static void write(byte[] rgb, PhotoSize size, Path target) {
    try (BytePointer pixels = new BytePointer(rgb);
        Mat picture = new Mat(size.height(), size.width(), CV_8UC3, pixels);
        BytePointer encoded = new BytePointer();
        IntPointer quality = new IntPointer(IMWRITE_JPEG_QUALITY, QUALITY)) {
      opencv_imgproc.cvtColor(picture, picture, COLOR_RGB2BGR);
      boolean made =
          isJpeg(target)
              ? opencv_imgcodecs.imencode(ending(target), picture, encoded, quality)
              : opencv_imgcodecs.imencode(ending(target), picture, encoded);
      if (!made) {
        throw new IllegalStateException("OpenCV encodes no " + ending(target));
      }
      AtomicFile.write(target, encoded.asBuffer());
    }
  }

  private static boolean isJpeg(Path file) {
    return ending(file).matches("\\.jpe?g");
  }

  private static String ending(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.')).toLowerCase(Locale.ROOT);
  }
}

package dev.selvage.report;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_PNG_COMPRESSION;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;

import dev.selvage.util.AtomicFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/** Writes pictures as files that are whole or not there. */
final class PictureFile {
  private static final int QUALITY = 92;
  private static final int MOST_COMPRESSION = 9;
  private static final int LITTLE_COMPRESSION = 1;

  private PictureFile() {}

  /**
   * Writes one picture as JPEG.
   *
   * @param picture RGB bytes
   * @throws dev.selvage.util.UserError the file cannot be written
   */
  static void write(Path file, Mat picture) {
    jpeg(picture).write(file);
  }

  /** The same without a file. */
  static Jpeg jpeg(Mat picture) {
    return jpeg(picture, QUALITY);
  }

  static Jpeg jpeg(Mat picture, int quality) {
    try (IntPointer settings = new IntPointer(IMWRITE_JPEG_QUALITY, quality)) {
      return new Jpeg(picture.rows(), picture.cols(), encode(picture, ".jpg", settings));
    }
  }

  /** Writes one picture as PNG, for lines and letters. */
  static void writePng(Path file, Mat picture) {
    try (IntPointer settings = new IntPointer(IMWRITE_PNG_COMPRESSION, MOST_COMPRESSION)) {
      write(file, encode(picture, ".png", settings));
    }
  }

  /** One picture as PNG, fast: a photo becomes little smaller by more compression. */
  static byte[] png(Mat picture) {
    try (IntPointer settings = new IntPointer(IMWRITE_PNG_COMPRESSION, LITTLE_COMPRESSION)) {
      return encode(picture, ".png", settings);
    }
  }

  private static byte[] encode(Mat picture, String format, IntPointer settings) {
    try (Mat bgr = new Mat();
        BytePointer encoded = new BytePointer()) {
      opencv_imgproc.cvtColor(picture, bgr, COLOR_RGB2BGR);
      if (!opencv_imgcodecs.imencode(format, bgr, encoded, settings)) {
        throw new IllegalStateException("OpenCV encodes no " + format);
      }
      byte[] bytes = new byte[(int) encoded.limit()];
      encoded.get(bytes);
      return bytes;
    }
  }

  /** Writes a picture that is encoded. */
  static void write(Path file, byte[] bytes) {
    AtomicFile.write(file, ByteBuffer.wrap(bytes));
  }
}

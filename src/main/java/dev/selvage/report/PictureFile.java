package dev.selvage.report;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_PNG_COMPRESSION;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;

import dev.selvage.AtomicFile;
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

  private PictureFile() {}

  /**
   * Writes one picture as JPEG.
   *
   * @param picture RGB bytes
   * @throws dev.selvage.UserError the file cannot be written
   */
  static void write(Path file, Mat picture) {
    try (IntPointer settings = new IntPointer(IMWRITE_JPEG_QUALITY, QUALITY)) {
      write(file, picture, ".jpg", settings);
    }
  }

  /** The same as PNG, for lines and letters. */
  static void writePng(Path file, Mat picture) {
    try (IntPointer settings = new IntPointer(IMWRITE_PNG_COMPRESSION, MOST_COMPRESSION)) {
      write(file, picture, ".png", settings);
    }
  }

  private static void write(Path file, Mat picture, String format, IntPointer settings) {
    try (Mat bgr = new Mat();
        BytePointer encoded = new BytePointer()) {
      opencv_imgproc.cvtColor(picture, bgr, COLOR_RGB2BGR);
      if (!opencv_imgcodecs.imencode(format, bgr, encoded, settings)) {
        throw new IllegalStateException("OpenCV encodes no " + format);
      }
      AtomicFile.write(
          file,
          out -> {
            for (ByteBuffer bytes = encoded.asBuffer(); bytes.hasRemaining(); ) {
              out.write(bytes);
            }
          });
    }
  }
}

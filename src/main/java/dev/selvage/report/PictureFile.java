package dev.selvage.report;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;

import dev.selvage.AtomicFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/** Writes pictures as JPEG files that are whole or not there. */
final class PictureFile {
  private static final int QUALITY = 92;

  private PictureFile() {}

  /**
   * Writes one picture.
   *
   * @param picture RGB bytes
   * @throws dev.selvage.UserError the file cannot be written
   */
  static void write(Path file, Mat picture) {
    try (Mat bgr = new Mat();
        BytePointer encoded = new BytePointer();
        IntPointer settings = new IntPointer(IMWRITE_JPEG_QUALITY, QUALITY)) {
      opencv_imgproc.cvtColor(picture, bgr, COLOR_RGB2BGR);
      if (!opencv_imgcodecs.imencode(".jpg", bgr, encoded, settings)) {
        throw new IllegalStateException("OpenCV encodes no JPEG");
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

package dev.selvage.report;

import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;

import java.nio.file.Path;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * A picture as the bytes of a JPEG file.
 *
 * @param height pixels
 */
public record Jpeg(int height, int width, byte[] bytes) {
  private static final int SMALL_QUALITY = 80;

  /**
   * A small picture of a photo.
   *
   * @param photo RGB bytes, not smaller than the picture
   */
  public static Jpeg small(Mat photo, int height, int width) {
    try (Mat picture = new Mat();
        Size size = new Size(width, height)) {
      opencv_imgproc.resize(photo, picture, size, 0, 0, INTER_AREA);
      return PictureFile.jpeg(picture, SMALL_QUALITY);
    }
  }

  /**
   * Makes a file of it.
   *
   * @throws dev.selvage.util.UserError the file cannot be written
   */
  public void write(Path file) {
    PictureFile.write(file, bytes);
  }
}

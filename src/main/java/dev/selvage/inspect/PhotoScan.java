package dev.selvage.inspect;

import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2GRAY;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;

import dev.selvage.data.image.PhotoIntegrity;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.data.image.Photos;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * What one file looks like.
 *
 * @param damage what is wrong with it, or null
 * @param decodes whether a picture comes out of it
 * @param checksum of its bytes
 * @param thumbnail [SIDE,SIDE] brightness, or null where it does not decode
 */
record PhotoScan(Path file, String damage, boolean decodes, long checksum, byte[] thumbnail) {
  /** Enough to tell photos apart, and small enough to keep one of each. */
  static final int SIDE = 16;

  /**
   * Reads a file.
   *
   * @param annotated the size that annotations state; empty without any
   */
  static PhotoScan of(Path file, Optional<PhotoSize> annotated, Photos photos) {
    try {
      String damage = PhotoIntegrity.problem(file).orElse(null);
      long checksum = checksum(file);
      Optional<Mat> decoded =
          annotated
              .or(() -> photos.size(file))
              .flatMap(size -> photos.atLeast(file, size, 4 * SIDE));
      if (decoded.isEmpty()) {
        return new PhotoScan(file, damage, false, checksum, null);
      }
      try (Mat photo = decoded.get()) {
        return new PhotoScan(file, damage, true, checksum, thumbnail(photo));
      }
    } catch (IOException e) {
      return new PhotoScan(file, "cannot be read (" + e + ")", false, 0, null);
    }
  }

  private static long checksum(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      CRC32C crc = new CRC32C();
      for (long at = 0; at < channel.size(); at += Integer.MAX_VALUE) {
        long length = Math.min(Integer.MAX_VALUE, channel.size() - at);
        crc.update(channel.map(FileChannel.MapMode.READ_ONLY, at, length));
      }
      return crc.getValue() ^ channel.size() << 32;
    }
  }

  private static byte[] thumbnail(Mat photo) {
    try (Mat small = new Mat();
        Mat grey = new Mat();
        Size size = new Size(SIDE, SIDE)) {
      opencv_imgproc.resize(photo, small, size, 0, 0, INTER_AREA);
      opencv_imgproc.cvtColor(small, grey, COLOR_RGB2GRAY);
      byte[] pixels = new byte[SIDE * SIDE];
      grey.data().get(pixels);
      return pixels;
    }
  }

  /**
   * In which cells of a coarse grid the picture grows brighter to the right: the same for a photo
   * scaled or compressed again. 0 for a photo without any structure.
   */
  long pattern() {
    long bits = 0;
    for (int y = 0; y < SIDE; y += 2) {
      for (int x = 0; x < SIDE; x += 2) {
        int right = x + 2 < SIDE ? x + 2 : 0;
        // two levels of grey of noise must not decide
        bits = bits << 1 | (cell(y, right) > cell(y, x) + 8 ? 1 : 0);
      }
    }
    return bits;
  }

  /** Four times the mean brightness of four pixels. */
  private int cell(int y, int x) {
    return grey(y, x) + grey(y, x + 1) + grey(y + 1, x) + grey(y + 1, x + 1);
  }

  private int grey(int y, int x) {
    return thumbnail[y * SIDE + x] & 0xFF;
  }

  /** Mean difference of the brightness, 0..255. */
  double difference(PhotoScan other) {
    int sum = 0;
    for (int i = 0; i < thumbnail.length; i++) {
      sum += Math.abs((thumbnail[i] & 0xFF) - (other.thumbnail[i] & 0xFF));
    }
    return (double) sum / thumbnail.length;
  }
}

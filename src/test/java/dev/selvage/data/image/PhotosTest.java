package dev.selvage.data.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import java.nio.file.Path;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotosTest {
  private static final int SIDE = 128;

  @TempDir Path folder;

  /** A photo decoded at a half, quarter or eighth is the whole one, averaged down, within noise. */
  @Test
  void reducedDecodingLooksLikeTheWholePhoto() {
    int[][] sizes = {{171, 301}, {303, 241}, {333, 601}, {1201, 667}, {1100, 1411}, {2501, 1303}};
    int reductions = 0;
    for (int[] size : sizes) {
      for (String ending : new String[] {"jpg", "png"}) {
        Path file = photo(size[0], size[1], ending);
        Config config = Config.defaults().with("IMAGE_MIN_DIM", 0).with("IMAGE_MAX_DIM", SIDE);
        ResizePlan plan = ResizePlan.of(config, size[0], size[1], null);
        reductions |= plan.reduction();
        double difference = difference(file, plan);
        // JPEG's coarser chroma is spread over other pixels at another scale
        assertTrue(
            difference < (ending.equals("jpg") ? 6 : 2),
            file + " differs by " + difference + " of 255 on average");
      }
    }
    assertEquals(2 | 4 | 8, reductions, "every reduction is met");
  }

  /** Mean difference from the whole photo averaged over each pixel's area. */
  private static double difference(Path file, ResizePlan plan) {
    Photos photos = new Photos();
    try (ResizedPhoto found = photos.resized(file, plan).orElseThrow();
        Mat whole = photos.original(file).orElseThrow();
        Mat averaged = new Mat();
        Size size = new Size(plan.scaledWidth(), plan.scaledHeight())) {
      opencv_imgproc.resize(whole, averaged, size, 0, 0, INTER_AREA);
      byte[] expected = new byte[3 * plan.scaledHeight() * plan.scaledWidth()];
      averaged.data().get(expected);
      byte[] pixels = new byte[3 * SIDE * SIDE];
      found.rgb().get(pixels);
      long sum = 0;
      for (int y = 0; y < plan.scaledHeight(); y++) {
        for (int i = 0; i < 3 * plan.scaledWidth(); i++) {
          int at = 3 * ((plan.top() + y) * SIDE + plan.left()) + i;
          sum += Math.abs((pixels[at] & 0xFF) - (expected[3 * plan.scaledWidth() * y + i] & 0xFF));
        }
      }
      return (double) sum / expected.length;
    }
  }

  /** Waves of several lengths and hard edges. */
  private Path photo(int height, int width, String ending) {
    byte[] pixels = new byte[3 * height * width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double v = (double) y / height;
        double u = (double) x / width;
        double edge = (int) (7 * u) % 2 == (int) (5 * v) % 2 ? 40 : -40;
        for (int c = 0; c < 3; c++) {
          double wave = 50 * Math.sin(9 * u + c) * Math.cos(11 * v) + 10 * Math.sin(60 * (u + v));
          pixels[3 * (y * width + x) + c] = (byte) (128 + edge + wave);
        }
      }
    }
    Path file = folder.resolve("%dx%d.%s".formatted(height, width, ending));
    try (Mat photo = new Mat(height, width, CV_8UC3)) {
      photo.data().put(pixels);
      opencv_imgcodecs.imwrite(file.toString(), photo);
    }
    return file;
  }
}

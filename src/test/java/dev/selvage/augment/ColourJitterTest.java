package dev.selvage.augment;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.Test;

class ColourJitterTest {
  private static final int SIDE = 64;
  private static final double[] ONE = {1, 1, 1};

  @Test
  void nothingDoneChangesNothing() {
    byte[] pixels = apply(new ColourJitter(0, 1, ONE, 0, false, 3), 10, 127, 250);
    assertArrayEquals(new int[] {10, 127, 250}, first(pixels));
  }

  @Test
  void contrastSpreadsAboutTheMiddleAndGainsFollow() {
    byte[] pixels = apply(new ColourJitter(0, 1.5, ONE, 0, false, 3), 27, 127, 250);
    assertArrayEquals(new int[] {0, 127, 255}, first(pixels));
    pixels = apply(new ColourJitter(0, 0.5, new double[] {2, 1, 0.5}, 0, false, 3), 27, 127, 227);
    assertArrayEquals(new int[] {154, 127, 89}, first(pixels)); // 2 x 77, 127, 177 / 2
  }

  @Test
  void noiseHasItsSpreadAndItsSeed() {
    ColourJitter noise = new ColourJitter(0, 1, ONE, 8, false, 11);
    byte[] pixels = apply(noise, 127, 127, 127);
    double sum = 0;
    double squares = 0;
    for (byte pixel : pixels) {
      double value = (pixel & 0xFF) - 127;
      sum += value / pixels.length;
      squares += value * value / pixels.length;
    }
    assertEquals(0, sum, 0.5);
    assertEquals(8, Math.sqrt(squares), 0.5);
    assertTrue(pixels[0] != pixels[1] || pixels[1] != pixels[2] || pixels[3] != pixels[4]);
    assertArrayEquals(pixels, apply(noise, 127, 127, 127));
    byte[] grey = apply(new ColourJitter(0, 1, ONE, 8, true, 11), 127, 127, 127);
    for (int i = 0; i < grey.length; i += 3) {
      assertTrue(grey[i] == grey[i + 1] && grey[i] == grey[i + 2], "pixel " + i / 3);
    }
  }

  @Test
  void blurSmoothsNoise() {
    ColourJitter noise = new ColourJitter(0, 1, ONE, 8, true, 11);
    try (Mat image = new Mat(SIDE, SIDE, CV_8UC3, new Scalar(127))) {
      noise.apply(image);
      byte[] rough = bytes(image);
      new ColourJitter(1, 1, ONE, 0, true, 1).apply(image);
      assertTrue(roughness(bytes(image)) < 0.5 * roughness(rough));
    }
  }

  @Test
  void whatIsDrawnStaysInItsBounds() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 1000; i++) {
      ColourJitter drawn = ColourJitter.draw(random);
      assertTrue(drawn.blur() >= 0 && drawn.blur() < 0.5);
      assertTrue(drawn.contrast() >= 0.75 && drawn.contrast() < 1.5);
      assertTrue(drawn.noise() >= 0 && drawn.noise() < 12.75);
      for (double gain : drawn.gains()) {
        assertTrue(gain >= 0.8 && gain < 1.2);
      }
    }
  }

  private static byte[] apply(ColourJitter jitter, int red, int green, int blue) {
    try (Mat image = new Mat(SIDE, SIDE, CV_8UC3, new Scalar(red, green, blue, 0))) {
      jitter.apply(image);
      return bytes(image);
    }
  }

  private static byte[] bytes(Mat image) {
    byte[] pixels = new byte[3 * SIDE * SIDE];
    image.data().get(pixels);
    return pixels;
  }

  private static int[] first(byte[] pixels) {
    return new int[] {pixels[0] & 0xFF, pixels[1] & 0xFF, pixels[2] & 0xFF};
  }

  private static double roughness(byte[] pixels) {
    double sum = 0;
    for (int i = 3; i < pixels.length; i++) {
      sum += Math.abs((pixels[i] & 0xFF) - (pixels[i - 3] & 0xFF));
    }
    return sum;
  }
}

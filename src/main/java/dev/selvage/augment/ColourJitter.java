package dev.selvage.augment;

import static org.bytedeco.opencv.global.opencv_core.CV_16SC1;
import static org.bytedeco.opencv.global.opencv_core.CV_16SC3;
import static org.bytedeco.opencv.global.opencv_core.CV_64FC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8U;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.MatVector;
import org.bytedeco.opencv.opencv_core.RNG;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * A random change of an image's colours; no pixel moves.
 *
 * @param blur standard deviation in pixels; 0 for none
 * @param contrast factor of the distance from middle grey
 * @param gains factors of red, green and blue, thereafter
 * @param noise standard deviation in levels of 0..255, added last
 * @param grey whether the noise is the same in the three channels
 * @param seed of the noise
 */
public record ColourJitter(
    double blur, double contrast, double[] gains, double noise, boolean grey, long seed) {
  private static final double MIDDLE = 127;

  /**
   * Draws at random: half of the images blurred by up to 0.5 pixels; contrast 0.75 to 1.5; gain 0.8
   * to 1.2, separately for each channel in a fifth of the images; noise of up to 5% of the range,
   * separately for each channel in half of them.
   */
  public static ColourJitter draw(SplittableRandom random) {
    double blur = random.nextBoolean() ? random.nextDouble(0.5) : 0;
    double contrast = random.nextDouble(0.75, 1.5);
    double[] gains = new double[3];
    if (random.nextDouble() < 0.2) {
      Arrays.setAll(gains, channel -> random.nextDouble(0.8, 1.2));
    } else {
      Arrays.fill(gains, random.nextDouble(0.8, 1.2));
    }
    double noise = random.nextDouble(0.05 * 255);
    return new ColourJitter(blur, contrast, gains, noise, random.nextBoolean(), random.nextLong());
  }

  /**
   * Changes an image in place.
   *
   * @param image RGB bytes
   */
  @SuppressWarnings("try") // the scope frees what is made inside it
  public void apply(Mat image) {
    try (PointerScope scope = new PointerScope()) {
      if (blur > 0) {
        opencv_imgproc.GaussianBlur(image, image, new Size(0, 0), blur);
      }
      opencv_core.LUT(image, table(), image);
      Mat disturbance = new Mat(image.rows(), image.cols(), grey ? CV_16SC1 : CV_16SC3);
      // OpenCV's generator stands still at a state of zero
      new RNG(seed == 0 ? 1 : seed)
          ._fill(
              disturbance,
              RNG.NORMAL,
              new Mat(1, 1, CV_64FC1, new Scalar(0)),
              new Mat(1, 1, CV_64FC1, new Scalar(noise)));
      if (grey) {
        Mat three = new Mat();
        opencv_core.merge(new MatVector(disturbance, disturbance, disturbance), three);
        disturbance = three;
      }
      opencv_core.add(image, disturbance, image, new Mat(), CV_8U);
    }
  }

  /** What contrast and gain make of each level. */
  private Mat table() {
    byte[] levels = new byte[3 * 256];
    for (int level = 0; level < 256; level++) {
      double spread = clamp(MIDDLE + contrast * (level - MIDDLE));
      for (int channel = 0; channel < 3; channel++) {
        levels[3 * level + channel] = (byte) Math.round(clamp(spread * gains[channel]));
      }
    }
    return new Mat(1, 256, CV_8UC3, new BytePointer(levels));
  }

  private static double clamp(double level) {
    return Math.max(0, Math.min(level, 255));
  }
}

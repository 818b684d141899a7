package dev.selvage.resize;

import java.util.Arrays;

/**
 * Resamples pictures by Lanczos' kernel of three lobes, which is widened where a picture is made
 * smaller, so that nothing between the new pixels is left out. (OpenCV's own does not widen it, and
 * fine patterns come out as coarse ones.) First along the rows, then along the columns.
 */
final class Lanczos {
  private static final double LOBES = 3;

  private Lanczos() {}

  /**
   * Resamples.
   *
   * @param pixels [height,width,3] flat bytes
   * @return [newHeight,newWidth,3] flat bytes
   */
  static byte[] resize(byte[] pixels, int height, int width, int newHeight, int newWidth) {
    float[] rows = new float[3 * height * newWidth];
    Taps across = new Taps(width, newWidth);
    for (int y = 0; y < height; y++) {
      int row = 3 * y * width;
      int out = 3 * y * newWidth;
      for (int x = 0; x < newWidth; x++, out += 3) {
        float red = 0;
        float green = 0;
        float blue = 0;
        float[] weights = across.weights[x];
        int in = row + 3 * across.first[x];
        for (float weight : weights) {
          red += weight * (pixels[in] & 0xFF);
          green += weight * (pixels[in + 1] & 0xFF);
          blue += weight * (pixels[in + 2] & 0xFF);
          in += 3;
        }
        rows[out] = red;
        rows[out + 1] = green;
        rows[out + 2] = blue;
      }
    }
    return columns(rows, height, newHeight, 3 * newWidth);
  }

  private static byte[] columns(float[] rows, int height, int newHeight, int stride) {
    byte[] out = new byte[newHeight * stride];
    Taps down = new Taps(height, newHeight);
    float[] sums = new float[stride];
    for (int y = 0; y < newHeight; y++) {
      Arrays.fill(sums, 0);
      for (int k = 0; k < down.weights[y].length; k++) {
        float weight = down.weights[y][k];
        int row = (down.first[y] + k) * stride;
        for (int i = 0; i < stride; i++) {
          sums[i] += weight * rows[row + i];
        }
      }
      for (int i = 0; i < stride; i++) {
        out[y * stride + i] = (byte) Math.round(Math.max(0, Math.min(sums[i], 255)));
      }
    }
    return out;
  }

  /** Which old pixels make each new one along one side, and how much. */
  private static final class Taps {
    private final int[] first;
    private final float[][] weights;

    Taps(int length, int newLength) {
      first = new int[newLength];
      weights = new float[newLength][];
      double step = (double) length / newLength;
      double widening = Math.max(1, step);
      double reach = LOBES * widening;
      for (int i = 0; i < newLength; i++) {
        double middle = (i + 0.5) * step;
        first[i] = (int) Math.max(0, Math.floor(middle - reach + 0.5));
        int end = (int) Math.min(length, Math.floor(middle + reach + 0.5));
        double[] values = new double[end - first[i]];
        double sum = 0;
        for (int k = 0; k < values.length; k++) {
          values[k] = kernel((first[i] + k + 0.5 - middle) / widening);
          sum += values[k];
        }
        weights[i] = new float[values.length];
        for (int k = 0; k < values.length; k++) {
          weights[i][k] = (float) (values[k] / sum);
        }
      }
    }

    private static double kernel(double x) {
      double t = Math.PI * x;
      if (t == 0) {
        return 1;
      }
      return Math.abs(x) >= LOBES ? 0 : Math.sin(t) / t * Math.sin(t / LOBES) / (t / LOBES);
    }
  }
}

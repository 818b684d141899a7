package dev.selvage.doctor;

/**
 * Operations written out as plain loops in double precision: slow, obvious, and what the fast ones
 * are held against.
 */
final class Reference {
  private Reference() {}

  /** One multiplication of a convolution: flat places in its input, kernel and output. */
  interface Tap {
    void at(int x, int w, int y);
  }

  /** x [N,H,W,I], w [K,K,I,O], y [N,OH,OW,O]. */
  record Convolution(int n, int h, int w, int in, int out, int kernel, int stride, int pad) {
    int outHeight() {
      return (h + 2 * pad - kernel) / stride + 1;
    }

    int outWidth() {
      return (w + 2 * pad - kernel) / stride + 1;
    }

    long[] input() {
      return new long[] {n, h, w, in};
    }

    long[] weights() {
      return new long[] {kernel, kernel, in, out};
    }

    long[] output() {
      return new long[] {n, outHeight(), outWidth(), out};
    }

    /** Visits every product; forward and both gradients are this walk with another sum. */
    void taps(Tap tap) {
      for (int imageIndex = 0; imageIndex < n; imageIndex++) {
        for (int oy = 0; oy < outHeight(); oy++) {
          for (int ox = 0; ox < outWidth(); ox++) {
            window(tap, imageIndex, oy, ox);
          }
        }
      }
    }

    private void window(Tap tap, int imageIndex, int oy, int ox) {
      for (int ky = 0; ky < kernel; ky++) {
        for (int kx = 0; kx < kernel; kx++) {
          int iy = oy * stride - pad + ky;
          int ix = ox * stride - pad + kx;
          if (iy < 0 || iy >= h || ix < 0 || ix >= w) {
            continue;
          }
          for (int i = 0; i < in; i++) {
            for (int o = 0; o < out; o++) {
              tap.at(
                  ((imageIndex * h + iy) * w + ix) * in + i,
                  ((ky * kernel + kx) * in + i) * out + o,
                  ((imageIndex * outHeight() + oy) * outWidth() + ox) * out + o);
            }
          }
        }
      }
    }
  }

  /** a [M,K] b [K,N]. */
  static double[] matmul(float[] a, float[] b, int m, int k, int n) {
    double[] y = new double[m * n];
    for (int i = 0; i < m; i++) {
      for (int l = 0; l < k; l++) {
        for (int j = 0; j < n; j++) {
          y[i * n + j] += (double) a[i * k + l] * b[l * n + j];
        }
      }
    }
    return y;
  }

  /** x [N,H,W,I], w [2,2,O,I] to [N,2H,2W,O]. */
  static double[] deconv2x2(float[] x, float[] w, int n, int h, int width, int in, int out) {
    double[] y = new double[n * 4 * h * width * out];
    for (int p = 0; p < n * h * width; p++) {
      int row = p / width;
      int column = p % width;
      for (int tap = 0; tap < 4; tap++) {
        int target = ((2 * row + tap / 2) * 2 * width + 2 * column + tap % 2) * out;
        for (int o = 0; o < out; o++) {
          for (int i = 0; i < in; i++) {
            y[target + o] += (double) x[p * in + i] * w[(tap * out + o) * in + i];
          }
        }
      }
    }
    return y;
  }

  /** x [H,W,C] of one image; 3x3, stride 2, the window cut off at the bottom and right. */
  static double[] maxPool(float[] x, int h, int w, int channels) {
    int oh = (h + 1) / 2;
    int ow = (w + 1) / 2;
    int padTop =
        h % 2; // TensorFlow's "same": one row in all for even heights, at the bottom; one on each
    // side for odd
    int padLeft = w % 2;
    double[] y = new double[oh * ow * channels];
    for (int i = 0; i < y.length; i++) {
      int c = i % channels;
      int ox = i / channels % ow;
      int oy = i / channels / ow;
      double best = Double.NEGATIVE_INFINITY;
      for (int iy = Math.max(0, 2 * oy - padTop); iy < Math.min(h, 2 * oy - padTop + 3); iy++) {
        for (int ix = Math.max(0, 2 * ox - padLeft); ix < Math.min(w, 2 * ox - padLeft + 3); ix++) {
          best = Math.max(best, x[(iy * w + ix) * channels + c]);
        }
      }
      y[i] = best;
    }
    return y;
  }

  /** crop_and_resize of map [H,W,C] at a normalized box, one bilinear sample a cell. */
  static double[] cropAndResize(float[] map, int h, int w, int channels, float[] box, int side) {
    double[] y = new double[side * side * channels];
    for (int i = 0; i < side * side; i++) {
      double sy = sample(box[0], box[2], h, i / side, side);
      double sx = sample(box[1], box[3], w, i % side, side);
      if (sy < 0 || sy > h - 1 || sx < 0 || sx > w - 1) {
        continue;
      }
      int top = (int) Math.floor(sy);
      int left = (int) Math.floor(sx);
      int bottom = (int) Math.ceil(sy);
      int right = (int) Math.ceil(sx);
      for (int c = 0; c < channels; c++) {
        double upper =
            mix(
                map[(top * w + left) * channels + c],
                map[(top * w + right) * channels + c],
                sx - left);
        double lower =
            mix(
                map[(bottom * w + left) * channels + c],
                map[(bottom * w + right) * channels + c],
                sx - left);
        y[i * channels + c] = mix(upper, lower, sy - top);
      }
    }
    return y;
  }

  private static double sample(double from, double to, int size, int cell, int cells) {
    return from * (size - 1) + cell * (to - from) * (size - 1) / (cells - 1);
  }

  private static double mix(double a, double b, double share) {
    return a + (b - a) * share;
  }

  /** Mean of -log softmax(x [R,C])[label]; negative labels take no part. */
  static double softmaxCrossEntropy(float[] x, int[] labels, int classes) {
    double sum = 0;
    int count = 0;
    for (int r = 0; r < labels.length; r++) {
      if (labels[r] < 0) {
        continue;
      }
      double partition = 0;
      for (int c = 0; c < classes; c++) {
        partition += Math.exp(x[r * classes + c]);
      }
      sum += Math.log(partition) - x[r * classes + labels[r]];
      count++;
    }
    return count == 0 ? 0 : sum / count;
  }

  static double smoothL1(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double d = Math.abs((double) a[i] - b[i]);
      sum += d < 1 ? 0.5 * d * d : d - 0.5;
    }
    return sum / a.length;
  }

  static double binaryCrossEntropy(float[] logits, float[] target) {
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      double p = Math.min(Math.max(1 / (1 + Math.exp(-logits[i])), 1e-7), 1 - 1e-7);
      sum -= target[i] * Math.log(p) + (1 - target[i]) * Math.log(1 - p);
    }
    return sum / logits.length;
  }
}

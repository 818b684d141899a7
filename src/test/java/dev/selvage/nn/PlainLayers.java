package dev.selvage.nn;

import java.util.function.DoubleBinaryOperator;

/** The layers as plain loops in double precision, for small sizes. Feature maps are [N,H,W,C]. */
final class PlainLayers {
  private PlainLayers() {}

  /** A feature map. */
  record Map(int n, int h, int w, int c, double[] values) {
    static Map of(long[] shape, double[] values) {
      return new Map(
          (int) shape[0], (int) shape[1], (int) shape[2], (int) shape[3], values.clone());
    }

    static Map zeros(int n, int h, int w, int c) {
      return new Map(n, h, w, c, new double[n * h * w * c]);
    }

    int index(int image, int y, int x, int channel) {
      return ((image * h + y) * w + x) * c + channel;
    }

    /** Zero outside. */
    double at(int image, int y, int x, int channel) {
      return y < 0 || y >= h || x < 0 || x >= w ? 0 : values[index(image, y, x, channel)];
    }

    Map relu() {
      return zip(values, (a, b) -> Math.max(a, 0));
    }

    Map plus(double[] other) {
      return zip(other, Double::sum);
    }

    private Map zip(double[] other, DoubleBinaryOperator operator) {
      double[] result = new double[values.length];
      for (int i = 0; i < result.length; i++) {
        result[i] = operator.applyAsDouble(values[i], other[i]);
      }
      return new Map(n, h, w, c, result);
    }
  }

  /** kernel [side,side,I,O], bias [O], to [N,OH,OW,O]. */
  static Map conv(Map x, double[] kernel, double[] bias, int side, int stride, int pad) {
    int out = bias.length;
    Map y =
        Map.zeros(
            x.n, (x.h + 2 * pad - side) / stride + 1, (x.w + 2 * pad - side) / stride + 1, out);
    for (int i = 0; i < y.values.length; i++) {
      int o = i % out;
      int column = i / out % y.w * stride - pad;
      int row = i / out / y.w % y.h * stride - pad;
      int image = i / out / y.w / y.h;
      double sum = bias[o];
      for (int k = 0; k < side * side * x.c; k++) {
        int tap = k / x.c;
        sum += x.at(image, row + tap / side, column + tap % side, k % x.c) * kernel[k * out + o];
      }
      y.values[i] = sum;
    }
    return y;
  }

  /** Stride 2, kernel [2,2,O,I], bias [O], to [N,2H,2W,O]. */
  static Map deconv(Map x, double[] kernel, double[] bias) {
    int out = bias.length;
    Map y = Map.zeros(x.n, 2 * x.h, 2 * x.w, out);
    for (int i = 0; i < y.values.length; i++) {
      int o = i % out;
      int column = i / out % y.w;
      int row = i / out / y.w % y.h;
      int image = i / out / y.w / y.h;
      int tap = row % 2 * 2 + column % 2;
      double sum = bias[o];
      for (int k = 0; k < x.c; k++) {
        sum += x.at(image, row / 2, column / 2, k) * kernel[(tap * out + o) * x.c + k];
      }
      y.values[i] = sum;
    }
    return y;
  }

  /** x [R,I], kernel [I,O], bias [O], to [R,O]. */
  static double[] dense(double[] x, double[] kernel, double[] bias) {
    int in = kernel.length / bias.length;
    double[] y = new double[x.length / in * bias.length];
    for (int i = 0; i < y.length; i++) {
      int row = i / bias.length;
      int o = i % bias.length;
      y[i] = bias[o];
      for (int k = 0; k < in; k++) {
        y[i] += x[row * in + k] * kernel[k * bias.length + o];
      }
    }
    return y;
  }

  /** gamma (z - mean) / sqrt(variance + epsilon) + beta in each channel. */
  static Map normalize(
      Map z, double[] gamma, double[] beta, double[] mean, double[] variance, double epsilon) {
    Map y = Map.zeros(z.n, z.h, z.w, z.c);
    for (int i = 0; i < y.values.length; i++) {
      int c = i % z.c;
      y.values[i] = gamma[c] * (z.values[i] - mean[c]) / Math.sqrt(variance[c] + epsilon) + beta[c];
    }
    return y;
  }

  /** The mean of each channel. */
  static double[] mean(Map z) {
    double[] mean = new double[z.c];
    for (int i = 0; i < z.values.length; i++) {
      mean[i % z.c] += z.values[i] * z.c / z.values.length;
    }
    return mean;
  }

  /** The biased variance of each channel. */
  static double[] variance(Map z) {
    double[] mean = mean(z);
    double[] variance = new double[z.c];
    for (int i = 0; i < z.values.length; i++) {
      variance[i % z.c] += Math.pow(z.values[i] - mean[i % z.c], 2) * z.c / z.values.length;
    }
    return variance;
  }

  /**
   * 3x3 maximum of stride 2 with TensorFlow's "same" padding, which begins one before an odd size:
   * [N,ceil(H/2),ceil(W/2),C].
   */
  static Map maxPool(Map x) {
    Map y = Map.zeros(x.n, (x.h + 1) / 2, (x.w + 1) / 2, x.c);
    for (int i = 0; i < y.values.length; i++) {
      int left = i / y.c % y.w * 2 - x.w % 2;
      int top = i / y.c / y.w % y.h * 2 - x.h % 2;
      double max = Double.NEGATIVE_INFINITY;
      for (int row = Math.max(top, 0); row < Math.min(top + 3, x.h); row++) {
        for (int column = Math.max(left, 0); column < Math.min(left + 3, x.w); column++) {
          max = Math.max(max, x.at(i / y.c / y.w / y.h, row, column, i % y.c));
        }
      }
      y.values[i] = max;
    }
    return y;
  }

  /** lateral + top enlarged twice by repetition. */
  static Map upsampleAdd(Map top, Map lateral) {
    Map y = Map.of(new long[] {lateral.n, lateral.h, lateral.w, lateral.c}, lateral.values);
    for (int i = 0; i < y.values.length; i++) {
      int column = i / y.c % y.w;
      int row = i / y.c / y.w % y.h;
      y.values[i] += top.at(i / y.c / y.w / y.h, row / 2, column / 2, i % y.c);
    }
    return y;
  }

  /** Every second row and column. */
  static Map subsample(Map x) {
    Map y = Map.zeros(x.n, (x.h + 1) / 2, (x.w + 1) / 2, x.c);
    for (int i = 0; i < y.values.length; i++) {
      int column = i / y.c % y.w;
      int row = i / y.c / y.w % y.h;
      y.values[i] = x.at(i / y.c / y.w / y.h, 2 * row, 2 * column, i % y.c);
    }
    return y;
  }
}

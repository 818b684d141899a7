package dev.selvage.inspect;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How well anchors fit boxes by shape alone, as if each anchor lay in the middle of the box: an
 * upper bound of what the region proposal network starts from.
 *
 * @param scales RPN_ANCHOR_SCALES, pixels of the model's image
 * @param ratios RPN_ANCHOR_RATIOS, width / height
 * @param mean of the boxes' best IoU with any anchor
 * @param atLeastHalf share of the boxes whose best IoU is 0.5 or more
 * @param atLeastSeven share with 0.7 or more, which makes an anchor positive in training
 */
public record AnchorFit(
    int[] scales, float[] ratios, double mean, double atLeastHalf, double atLeastSeven) {
  /** How many boxes the search uses, taken evenly from all. */
  private static final int SEARCHED = 4000;

  private static final double[] STEPS = {0.8, 0.95, 1.05, 1.25};
  private static final int ROUNDS = 20;
  private static final int LEAST_SCALE = 4;

  /**
   * Measures anchors.
   *
   * @param heights of the boxes in pixels of the model's image
   */
  static AnchorFit of(int[] scales, float[] ratios, float[] heights, float[] widths) {
    double sum = 0;
    int half = 0;
    int seven = 0;
    double[] wide = toDouble(scales);
    double[] shapes = toDouble(ratios);
    for (int i = 0; i < heights.length; i++) {
      double best = bestIou(wide, shapes, heights[i], widths[i]);
      sum += best;
      half += best >= 0.5 ? 1 : 0;
      seven += best >= 0.7 ? 1 : 0;
    }
    double n = Math.max(1, heights.length);
    return new AnchorFit(scales.clone(), ratios.clone(), sum / n, half / n, seven / n);
  }

  /**
   * As many scales and ratios that fit closer: from the boxes' quantiles on, each is moved as long
   * as the mean best IoU grows. The same boxes give the same anchors.
   */
  static AnchorFit suggest(int scales, int ratios, float[] heights, float[] widths) {
    int stride = Math.max(1, heights.length / SEARCHED);
    int[] chosen = IntStream.range(0, heights.length).filter(i -> i % stride == 0).toArray();
    double[] h = Arrays.stream(chosen).mapToDouble(i -> heights[i]).toArray();
    double[] w = Arrays.stream(chosen).mapToDouble(i -> widths[i]).toArray();
    double[] sizes =
        IntStream.range(0, h.length).mapToDouble(i -> Math.sqrt(h[i] * w[i])).toArray();
    double[] shapes = IntStream.range(0, h.length).mapToDouble(i -> w[i] / h[i]).toArray();
    double[] values = new double[scales + ratios]; // scales, then ratios
    System.arraycopy(quantiles(sizes, scales), 0, values, 0, scales);
    System.arraycopy(quantiles(shapes, ratios), 0, values, scales, ratios);
    double best = mean(values, scales, h, w);
    for (int round = 0; round < ROUNDS; round++) {
      double before = best;
      for (int k = 0; k < values.length; k++) {
        for (double step : STEPS) {
          double old = values[k];
          values[k] = old * step;
          double moved = mean(values, scales, h, w);
          if (moved > best) {
            best = moved;
          } else {
            values[k] = old;
          }
        }
      }
      if (best == before) {
        break;
      }
    }
    return of(
        Arrays.stream(values, 0, scales)
            .mapToInt(v -> Math.max(LEAST_SCALE, (int) Math.round(v)))
            .sorted()
            .toArray(),
        rounded(Arrays.copyOfRange(values, scales, values.length)),
        heights,
        widths);
  }

  /** The options that set these anchors. */
  public String options() {
    return "--set RPN_ANCHOR_SCALES="
        + Arrays.stream(scales).mapToObj(String::valueOf).collect(Collectors.joining(","))
        + " --set RPN_ANCHOR_RATIOS="
        + IntStream.range(0, ratios.length)
            .mapToObj(i -> String.format(Locale.ROOT, "%.2f", ratios[i]))
            .collect(Collectors.joining(","));
  }

  private static double mean(double[] values, int scales, double[] h, double[] w) {
    double[] wide = Arrays.copyOf(values, scales);
    double[] shapes = Arrays.copyOfRange(values, scales, values.length);
    double sum = 0;
    for (int i = 0; i < h.length; i++) {
      sum += bestIou(wide, shapes, h[i], w[i]);
    }
    return sum / h.length;
  }

  private static double bestIou(double[] scales, double[] ratios, double h, double w) {
    double best = 0;
    for (double ratio : ratios) {
      double root = Math.sqrt(ratio);
      for (double scale : scales) {
        double common = Math.min(h, scale / root) * Math.min(w, scale * root);
        best = Math.max(best, common / (h * w + scale * scale - common));
      }
    }
    return best;
  }

  /** The middles of {@code count} parts with equally many values. */
  private static double[] quantiles(double[] values, int count) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double[] middles = new double[count];
    Arrays.setAll(middles, k -> sorted[(int) ((k + 0.5) * sorted.length / count)]);
    return middles;
  }

  private static float[] rounded(double[] values) {
    Arrays.sort(values);
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.max(0.01f, Math.round(values[i] * 100) / 100f);
    }
    return out;
  }

  private static double[] toDouble(int[] values) {
    return Arrays.stream(values).asDoubleStream().toArray();
  }

  private static double[] toDouble(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }
}

package dev.selvage.inspect;

import java.util.Arrays;

/**
 * Counts of values between edges.
 *
 * @param edges ascending; bin i holds edges[i] &lt;= value &lt; edges[i + 1], the last bin also
 *     what lies beyond
 * @param least of the values; 0 without any, like the next two
 * @param median of the values, the upper of two
 * @param most of the values
 */
public record Histogram(double[] edges, int[] counts, float least, float median, float most) {
  /** Bins at least, if that takes no more than {@link #FINEST} of them for a factor of two. */
  private static final int BINS = 16;

  private static final int FINEST = 32;

  /**
   * Bins whose edges grow by a constant factor, over the span of the values.
   *
   * @param values above 0
   */
  static Histogram logarithmic(float[] values) {
    if (values.length == 0) {
      return count(new double[] {0, 1}, values);
    }
    float[] sorted = sorted(values);
    int perDouble = 1;
    int first;
    int last;
    do {
      perDouble++;
      first = (int) Math.floor(perDouble * log2(sorted[0]));
      last = (int) Math.floor(perDouble * log2(sorted[sorted.length - 1])) + 1;
    } while (last - first < BINS && perDouble < FINEST);
    double[] edges = new double[last - first + 1];
    for (int i = 0; i < edges.length; i++) {
      edges[i] = Math.pow(2, (double) (first + i) / perDouble);
    }
    return count(edges, values);
  }

  /** A bin for each whole number from 0 to {@code most}; the last one also holds all above. */
  static Histogram wholeNumbers(float[] values, int most) {
    return upTo(values, Math.min((int) largest(values), most));
  }

  /** The same with as many bins whatever the values are, for histograms that are compared. */
  static Histogram upTo(float[] values, int last) {
    double[] edges = new double[last + 2];
    Arrays.setAll(edges, i -> i);
    return count(edges, values);
  }

  /** 0 without any. */
  static float largest(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, value);
    }
    return largest;
  }

  private static Histogram count(double[] edges, float[] values) {
    int[] counts = new int[edges.length - 1];
    for (float value : values) {
      int place = Arrays.binarySearch(edges, value);
      int bin = place >= 0 ? place : -place - 2;
      counts[Math.max(0, Math.min(bin, counts.length - 1))]++;
    }
    float[] sorted = values.length == 0 ? new float[1] : sorted(values);
    return new Histogram(
        edges, counts, sorted[0], sorted[sorted.length / 2], sorted[sorted.length - 1]);
  }

  private static float[] sorted(float[] values) {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  private static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }
}

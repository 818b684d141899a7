package dev.selvage.tensorboard;

/**
 * How values are distributed, as TensorBoard wants to know it. Values that are not finite are left
 * out.
 *
 * @param least of the values; 0 without any, like the next one
 * @param most of the values
 * @param count of the values
 * @param sum of the values
 * @param sumOfSquares of the values
 * @param limits ascending: bucket i holds what is not below limits[i - 1] (the first one: the
 *     least) and below limits[i]; the last limit is the most, which its bucket holds too
 * @param counts of the buckets
 */
public record ValueHistogram(
    double least,
    double most,
    double count,
    double sum,
    double sumOfSquares,
    double[] limits,
    double[] counts) {
  /** Equally wide; TensorBoard draws 30 unless told otherwise. */
  private static final int BUCKETS = 64;

  /** Costs two passes over the values. */
  public static ValueHistogram of(float[] values) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    double sum = 0;
    double squares = 0;
    long count = 0;
    for (float value : values) {
      if (Float.isFinite(value)) {
        least = Math.min(least, value);
        most = Math.max(most, value);
        sum += value;
        squares += (double) value * value;
        count++;
      }
    }
    if (count == 0) {
      return new ValueHistogram(0, 0, 0, 0, 0, new double[] {0}, new double[] {0});
    }
    int buckets = most > least ? BUCKETS : 1;
    double[] limits = new double[buckets];
    for (int i = 0; i < buckets; i++) {
      limits[i] = i == buckets - 1 ? most : least + (most - least) * (i + 1) / buckets;
    }
    double[] counts = new double[buckets];
    for (float value : values) {
      if (Float.isFinite(value)) {
        counts[bucket(value, least, most, limits)]++;
      }
    }
    return new ValueHistogram(least, most, count, sum, squares, limits, counts);
  }

  /** The quotient is off by one where it rounds across a limit, which decides. */
  private static int bucket(double value, double least, double most, double[] limits) {
    int last = limits.length - 1;
    int i =
        most > least ? (int) Math.min(last, (value - least) / (most - least) * limits.length) : 0;
    while (i > 0 && value < limits[i - 1]) {
      i--;
    }
    while (i < last && value >= limits[i]) {
      i++;
    }
    return i;
  }
}

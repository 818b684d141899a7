package dev.selvage.weights;

import java.util.List;

/**
 * Statistics of an array of a weight file. Mean, standard deviation and range are those of the
 * finite values; NaN where there are none.
 *
 * @param std the population's standard deviation
 * @param nonFinite how many values are NaN or infinite
 */
public record ArraySummary(
    String group,
    String layer,
    String part,
    List<Long> shape,
    long count,
    double mean,
    double std,
    double min,
    double max,
    long nonFinite) {

  public static ArraySummary of(StoredArray array, float[] values) {
    double sum = 0;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    long finite = 0;
    for (float v : values) {
      if (Float.isFinite(v)) {
        finite++;
        sum += v;
        min = Math.min(min, v);
        max = Math.max(max, v);
      }
    }
    double mean = sum / finite;
    double squares = 0;
    for (float v : values) {
      squares += Float.isFinite(v) ? (v - mean) * (v - mean) : 0;
    }
    return new ArraySummary(
        array.group(),
        array.layer(),
        array.part(),
        array.shape(),
        values.length,
        mean,
        Math.sqrt(squares / finite),
        finite == 0 ? Double.NaN : min,
        finite == 0 ? Double.NaN : max,
        values.length - finite);
  }
}

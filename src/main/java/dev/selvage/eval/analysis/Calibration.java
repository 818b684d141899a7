package dev.selvage.eval.analysis;

import dev.selvage.eval.tide.PhotoErrors;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether scores are the probabilities of being right (Guo et al. 2017, "On Calibration of Modern
 * Neural Networks"): ten ranges of scores of equal width, and for each how many of its detections
 * are right. A detection is right as in {@link PhotoErrors}.
 *
 * @param error expected calibration error: the mean over all detections of the difference between
 *     their range's mean score and its part of right ones; NaN without detections
 */
public record Calibration(double error, List<Bin> bins) {
  private static final int BINS = 10;

  /**
   * Detections with scores from {@code from} to {@code to}; the upper end belongs to the next
   * range, except for 1.
   *
   * @param meanScore NaN without detections
   * @param precision the part of them that is right; likewise
   */
  public record Bin(double from, double to, int count, double meanScore, double precision) {}

  /** Of all photos. Scores above 1 or below 0 belong to the last and first range. */
  public static Calibration of(List<JudgedPhoto> photos) {
    int[] counts = new int[BINS];
    int[] right = new int[BINS];
    double[] sums = new double[BINS];
    int all = 0;
    for (JudgedPhoto photo : photos) {
      for (int d : photo.errors().order()) {
        if (!photo.errors().ignored()[d]) {
          double score = photo.found().get(d).score();
          int bin = (int) Math.max(0, Math.min(BINS - 1, Math.floor(score * BINS)));
          counts[bin]++;
          sums[bin] += score;
          right[bin] += photo.errors().truthOf()[d] >= 0 ? 1 : 0;
          all++;
        }
      }
    }
    double error = 0;
    List<Bin> bins = new ArrayList<>();
    for (int b = 0; b < BINS; b++) {
      error += Math.abs(sums[b] - right[b]);
      bins.add(
          new Bin(
              (double) b / BINS,
              (b + 1.0) / BINS,
              counts[b],
              counts[b] == 0 ? Double.NaN : sums[b] / counts[b],
              counts[b] == 0 ? Double.NaN : (double) right[b] / counts[b]));
    }
    return new Calibration(all == 0 ? Double.NaN : error / all, bins);
  }
}

package dev.selvage.eval;

import dev.selvage.data.Box;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The measure of Kaggle's iMaterialist (Fashion) 2019: for each photo the mean over the IoU
 * thresholds 0.50, 0.55 .. 0.95 of TP / (TP + FP + FN), then the mean over the photos. A detection
 * is right where its mask IoU with a true object of its class is above the threshold; each true
 * object counts once. A photo without truths and without detections counts 1.
 *
 * <p>Crowds, which the competition does not have, are treated as COCO does: they are no objects,
 * and a detection that lies in one of its class, by a part of its own area above the threshold, is
 * neither right nor wrong.
 */
public final class KaggleScore {
  /** How many IoU thresholds there are. */
  public static final int THRESHOLDS = 10;

  private double sum;
  private int photos;

  /**
   * One photo's counts at each IoU threshold, the lowest threshold first.
   *
   * @param right TP, [10]
   * @param wrong FP, [10]
   * @param missed FN, [10]
   */
  public record Photo(int[] right, int[] wrong, int[] missed) {
    /** The mean over the thresholds, in 0..1. */
    public double score() {
      double sum = 0;
      for (int t = 0; t < THRESHOLDS; t++) {
        int all = right[t] + wrong[t] + missed[t];
        sum += all == 0 ? 1 : (double) right[t] / all;
      }
      return sum / THRESHOLDS;
    }
  }

  /** A mask IoU as an exact fraction, of detection d with truth t. */
  private record Overlap(int d, int t, long common, long union) {
    boolean isAbove(int threshold) {
      return KaggleScore.isAbove(common, union, threshold);
    }
  }

  /**
   * Counts one photo. The pair with the largest IoU is matched first. Where no pixel lies in two
   * detections, no other matching has more pairs.
   *
   * @param found masks without common pixels, as a submission has them
   */
  public static Photo count(List<Instance> truths, List<Detection> found) {
    int[] right = new int[THRESHOLDS];
    int[] wrong = new int[THRESHOLDS];
    int[] missed = new int[THRESHOLDS];
    Overlap[] matches = match(truths, found);
    int objects = (int) truths.stream().filter(truth -> !truth.crowd()).count();
    for (int threshold = 0; threshold < THRESHOLDS; threshold++) {
      for (int d = 0; d < matches.length; d++) {
        if (matches[d] != null && matches[d].isAbove(threshold)) {
          right[threshold]++;
        } else if (!isInCrowd(found.get(d), truths, threshold)) {
          wrong[threshold]++;
        }
      }
      missed[threshold] = objects - right[threshold];
    }
    return new Photo(right, wrong, missed);
  }

  /** For each detection its match with an IoU above the lowest threshold, or null. */
  private static Overlap[] match(List<Instance> truths, List<Detection> found) {
    List<Overlap> pairs = new ArrayList<>();
    for (int d = 0; d < found.size(); d++) {
      for (int t = 0; t < truths.size(); t++) {
        Instance truth = truths.get(t);
        if (!truth.crowd() && truth.classId() == found.get(d).classId()) {
          long common = common(found.get(d), truth);
          long union = (long) found.get(d).mask().area() + truth.mask().area() - common;
          if (isAbove(common, union, 0)) {
            pairs.add(new Overlap(d, t, common, union));
          }
        }
      }
    }
    pairs.sort(Comparator.comparingDouble((Overlap o) -> (double) o.common / o.union).reversed());
    Overlap[] matches = new Overlap[found.size()];
    boolean[] taken = new boolean[truths.size()];
    for (Overlap pair : pairs) {
      if (matches[pair.d] == null && !taken[pair.t]) {
        matches[pair.d] = pair;
        taken[pair.t] = true;
      }
    }
    return matches;
  }

  private static boolean isInCrowd(Detection detection, List<Instance> truths, int threshold) {
    return truths.stream()
        .filter(truth -> truth.crowd() && truth.classId() == detection.classId())
        .anyMatch(truth -> isAbove(common(detection, truth), detection.mask().area(), threshold));
  }

  private static int common(Detection detection, Instance truth) {
    // masks whose boxes do not overlap cannot overlap either
    return Box.of(detection.mask()).intersection(Box.of(truth.mask())) > 0
        ? detection.mask().intersection(truth.mask())
        : 0;
  }

  /** Whether part / whole is above 0.50 + 0.05 threshold, without rounding. */
  private static boolean isAbove(long part, long whole, int threshold) {
    return 20 * part > (10 + threshold) * whole;
  }

  /**
   * Adds one photo; see {@link #count}.
   *
   * @return the photo's score
   */
  public double add(List<Instance> truths, List<Detection> found) {
    double score = count(truths, found).score();
    sum += score;
    photos++;
    return score;
  }

  /** The mean over the photos; NaN without any. */
  public double mean() {
    return photos == 0 ? Double.NaN : sum / photos;
  }
}

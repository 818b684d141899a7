package dev.selvage.eval;

import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Matterport's {@code compute_ap} at mask IoU 0.5 (VOC's average precision of one photo over all
 * classes together), averaged over the photos. Photos without truths have no such number and take
 * no part; crowds are left out.
 */
public final class MatterportAp {
  private static final double IOU = 0.5;

  private double sum;
  private int photos;

  /** Adds one photo. */
  public void add(List<Instance> truths, List<Detection> detections) {
    List<Instance> single = truths.stream().filter(truth -> !truth.crowd()).toList();
    if (!single.isEmpty()) {
      sum += of(single, detections);
      photos++;
    }
  }

  /** The mean over the photos; NaN without any. */
  public double mean() {
    return photos == 0 ? Double.NaN : sum / photos;
  }

  /** How many photos had truths. */
  public int photos() {
    return photos;
  }

  /** Average precision of one photo that has truths. */
  static double of(List<Instance> truths, List<Detection> detections) {
    List<Detection> found =
        detections.stream()
            .sorted(Comparator.comparingDouble(Detection::score).reversed())
            .toList();
    boolean[] right = matches(truths, found);
    // precision and recall with the ends (0, 0) and (1, 0)
    double[] precision = new double[right.length + 2];
    double[] recall = new double[right.length + 2];
    int matched = 0;
    for (int i = 0; i < right.length; i++) {
      matched += right[i] ? 1 : 0;
      precision[i + 1] = (double) matched / (i + 1);
      recall[i + 1] = (double) matched / truths.size();
    }
    recall[right.length + 1] = 1;
    double area = 0;
    for (int i = right.length; i >= 0; i--) {
      area += (recall[i + 1] - recall[i]) * precision[i + 1];
      precision[i] = Math.max(precision[i], precision[i + 1]);
    }
    return area;
  }

  /**
   * Each detection in turn takes the free truth of its class that it overlaps most, if by 0.5 or
   * more.
   */
  private static boolean[] matches(List<Instance> truths, List<Detection> found) {
    double[][] overlaps = IouType.MASK.of(found, truths);
    boolean[] taken = new boolean[truths.size()];
    boolean[] right = new boolean[found.size()];
    for (int d = 0; d < right.length; d++) {
      double[] overlap = overlaps[d];
      int[] order =
          IntStream.range(0, overlap.length)
              .filter(t -> overlap[t] >= IOU)
              .boxed()
              .sorted(Comparator.comparingDouble((Integer t) -> overlap[t]).reversed())
              .mapToInt(Integer::intValue)
              .toArray();
      int classId = found.get(d).classId();
      int match =
          Arrays.stream(order)
              .filter(t -> !taken[t] && truths.get(t).classId() == classId)
              .findFirst()
              .orElse(-1);
      if (match >= 0) {
        taken[match] = true;
        right[d] = true;
      }
    }
    return right;
  }
}

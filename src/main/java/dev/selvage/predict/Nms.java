package dev.selvage.predict;

import dev.selvage.model.Candidates;
import java.util.Arrays;

/**
 * Greedy non-maximum suppression (Girshick et al. 2014, section 2.2): a box goes where one with a
 * higher score overlaps it by more than a threshold of IoU.
 */
final class Nms {
  private Nms() {}

  /**
   * The places of the boxes that stay.
   *
   * @param places of candidates, highest score first
   * @param threshold in 0..1
   * @param acrossClasses whether a box can suppress one of another class
   */
  static int[] survivors(
      Candidates candidates, int[] places, double threshold, boolean acrossClasses) {
    if (threshold >= 1) {
      return places;
    }
    int[] kept = new int[places.length];
    int size = 0;
    for (int place : places) {
      boolean free = true;
      for (int k = 0; k < size && free; k++) {
        free =
            !acrossClasses && candidates.classIds()[kept[k]] != candidates.classIds()[place]
                || !overlapsMore(candidates.boxes(), kept[k], place, threshold);
      }
      if (free) {
        kept[size++] = place;
      }
    }
    return Arrays.copyOf(kept, size);
  }

  private static boolean overlapsMore(float[] boxes, int i, int j, double threshold) {
    int p = 4 * i;
    int q = 4 * j;
    double h = (double) Math.min(boxes[p + 2], boxes[q + 2]) - Math.max(boxes[p], boxes[q]);
    double w = (double) Math.min(boxes[p + 3], boxes[q + 3]) - Math.max(boxes[p + 1], boxes[q + 1]);
    if (h <= 0 || w <= 0) {
      return false;
    }
    double common = h * w;
    return common / (area(boxes, p) + area(boxes, q) - common) > threshold;
  }

  private static double area(float[] boxes, int p) {
    return ((double) boxes[p + 2] - boxes[p]) * ((double) boxes[p + 3] - boxes[p + 1]);
  }
}

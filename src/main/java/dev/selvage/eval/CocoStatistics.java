package dev.selvage.eval;

import java.util.List;

/**
 * COCO's statistics by one kind of overlap.
 *
 * @param stats the twelve of COCO's summary in its order: AP, AP50, AP75, AP small, medium, large,
 *     AR with 1, 10, 100 detections a photo, AR small, medium, large; -1 where no truth of such an
 *     area exists
 * @param categories in ascending order of their ids
 */
public record CocoStatistics(double[] stats, List<CategoryScore> categories) {
  /** AP over all categories, IoU 0.50 to 0.95. */
  public double ap() {
    return stats[0];
  }

  /** AP over all categories at IoU 0.50. */
  public double ap50() {
    return stats[1];
  }

  /**
   * One category's result.
   *
   * @param truths how many objects count, crowds left out
   * @param ap IoU 0.50 to 0.95, NaN where there are no truths
   * @param ap50 IoU 0.50, NaN where there are no truths
   */
  public record CategoryScore(int categoryId, int truths, double ap, double ap50) {}
}

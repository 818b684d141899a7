package dev.selvage.eval;

import dev.selvage.data.Category;
import java.util.List;

/**
 * COCO's statistics by boxes or by masks.
 *
 * @param stats the twelve of COCO's summary in its order: AP, AP50, AP75, AP small, medium, large,
 *     AR with 1, 10, 100 detections per photo, AR small, medium, large; -1 where there is no true
 *     object of such an area
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
   * @param truths how many true objects count; crowds do not
   * @param ap IoU 0.50 to 0.95, NaN without true objects
   * @param ap50 IoU 0.50, NaN without true objects
   */
  public record CategoryScore(Category category, int truths, double ap, double ap50) {}
}

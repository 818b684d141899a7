package dev.selvage.eval;

import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import java.util.List;

/**
 * COCO's evaluation of boxes and masks (Lin et al. 2014, "Microsoft COCO", as pycocotools computes
 * it): greedy matching by score at ten IoU thresholds, four area ranges, at most 100 detections per
 * photo and category, precision sampled at 101 recalls. Photos are added one by one and not kept.
 */
public final class CocoEval {
  private final CategoryMatches boxes;
  private final CategoryMatches masks;

  /**
   * Begins an evaluation.
   *
   * @param categories in class order: class c is {@code categories.get(c - 1)}
   */
  public CocoEval(List<Category> categories) {
    boxes = new CategoryMatches(categories, IouType.BOX);
    masks = new CategoryMatches(categories, IouType.MASK);
  }

  /**
   * Adds one photo. Photos come in ascending order of their ids, since between equal scores the
   * earlier photo goes first.
   *
   * @param truths with masks of the photo's size
   * @param detections likewise, in any order
   * @throws IllegalArgumentException a class that is not one of the categories
   */
  public void add(List<Instance> truths, List<Detection> detections) {
    boxes.add(truths, detections);
    masks.add(truths, detections);
  }

  /** The statistics of all photos added so far. */
  public CocoScores scores() {
    return new CocoScores(boxes.statistics(), masks.statistics());
  }

  /** The same by boxes alone, for a truth without masks. */
  public CocoScores boxScores() {
    return new CocoScores(boxes.statistics(), null);
  }
}

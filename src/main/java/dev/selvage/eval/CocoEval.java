package dev.selvage.eval;

import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * COCO's evaluation of boxes and masks (Lin et al. 2014, "Microsoft COCO", as pycocotools computes
 * it): greedy matching by score at ten IoU thresholds, four area ranges, at most 100 detections per
 * photo and category, precision sampled at 101 recalls. Photos are added one by one and not kept.
 */
public final class CocoEval {
  private final List<CategoryAccumulator> boxes;
  private final List<CategoryAccumulator> masks;

  /**
   * Begins an evaluation.
   *
   * @param categories in class order: class c is {@code categories.get(c - 1)}
   */
  public CocoEval(List<Category> categories) {
    boxes = categories.stream().map(c -> new CategoryAccumulator(c, IouType.BOX)).toList();
    masks = categories.stream().map(c -> new CategoryAccumulator(c, IouType.MASK)).toList();
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
    Map<Integer, List<Instance>> truthsOf =
        truths.stream().collect(Collectors.groupingBy(Instance::classId));
    Map<Integer, List<Detection>> detectionsOf =
        detections.stream().collect(Collectors.groupingBy(Detection::classId));
    Set<Integer> present = new TreeSet<>(truthsOf.keySet());
    present.addAll(detectionsOf.keySet());
    for (int classId : present) {
      if (classId < 1 || classId > boxes.size()) {
        throw new IllegalArgumentException(
            "expected a class of 1 to %d, found %d".formatted(boxes.size(), classId));
      }
      List<Instance> wanted = truthsOf.getOrDefault(classId, List.of());
      List<Detection> found = detectionsOf.getOrDefault(classId, List.of());
      boxes.get(classId - 1).add(found, wanted);
      masks.get(classId - 1).add(found, wanted);
    }
  }

  /** The statistics of all photos added so far. */
  public CocoScores scores() {
    return new CocoScores(CocoSummary.of(boxes), CocoSummary.of(masks));
  }

  /** The same by boxes alone, for a truth without masks. */
  public CocoScores boxScores() {
    return new CocoScores(CocoSummary.of(boxes), null);
  }
}

package dev.selvage.eval;

import dev.selvage.data.Category;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * COCO's evaluation of boxes and masks (Lin et al. 2014, "Microsoft COCO", as pycocotools computes
 * it): greedy matching by score at ten IoU thresholds, four area ranges, at most 100 detections a
 * photo and category, precision sampled at 101 recalls. Photos are added one by one and not kept.
 */
public final class CocoEval {
  private final SortedMap<Integer, CategoryAccumulator> boxes = new TreeMap<>();
  private final SortedMap<Integer, CategoryAccumulator> masks = new TreeMap<>();

  /**
   * Begins an evaluation.
   *
   * @param categoryIds every category of the dataset
   */
  public CocoEval(Collection<Integer> categoryIds) {
    for (int id : categoryIds) {
      boxes.put(id, new CategoryAccumulator(IouType.BOX));
      masks.put(id, new CategoryAccumulator(IouType.MASK));
    }
  }

  /**
   * Adds one photo. Photos come in ascending order of their ids, since between equal scores the
   * earlier photo goes first. All masks have the photo's size and all categories are known.
   */
  public void add(List<GroundTruthObject> truths, List<CocoDetection> detections) {
    Map<Integer, List<GroundTruthObject>> truthsOf =
        truths.stream().collect(Collectors.groupingBy(GroundTruthObject::categoryId));
    Map<Integer, List<CocoDetection>> found =
        detections.stream().collect(Collectors.groupingBy(CocoDetection::categoryId));
    Set<Integer> present = new TreeSet<>(truthsOf.keySet());
    present.addAll(found.keySet());
    for (int id : present) {
      tally(boxes, id).add(found.getOrDefault(id, List.of()), truthsOf.getOrDefault(id, List.of()));
      tally(masks, id).add(found.getOrDefault(id, List.of()), truthsOf.getOrDefault(id, List.of()));
    }
  }

  /** The statistics of all photos added so far. */
  public CocoScores scores() {
    return new CocoScores(CocoSummary.of(boxes), CocoSummary.of(masks));
  }

  /** Scores results against a truth file. */
  public static CocoScores score(CocoTruth truth, Map<Long, List<CocoDetection>> detections) {
    CocoEval eval = new CocoEval(truth.categories().stream().map(Category::id).toList());
    for (CocoImage image : truth.images()) {
      eval.add(image.truths(), detections.getOrDefault(image.id(), List.of()));
    }
    return eval.scores();
  }

  private static CategoryAccumulator tally(
      SortedMap<Integer, CategoryAccumulator> tallies, int categoryId) {
    CategoryAccumulator tally = tallies.get(categoryId);
    if (tally == null) {
      throw new IllegalArgumentException(
          "category %d is not one of %s".formatted(categoryId, tallies.keySet()));
    }
    return tally;
  }
}

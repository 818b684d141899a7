package dev.selvage.eval;

import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** COCO's evaluation by one kind of overlap, photo by photo. */
public final class CategoryMatches {
  private final List<CategoryAccumulator> classes;

  /**
   * Without photos.
   *
   * @param categories in class order: class c is {@code categories.get(c - 1)}
   */
  public CategoryMatches(List<Category> categories, IouType kind) {
    classes = categories.stream().map(c -> new CategoryAccumulator(c, kind)).toList();
  }

  /**
   * Adds one photo; see {@link CocoEval#add}.
   *
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
      if (classId < 1 || classId > classes.size()) {
        throw new IllegalArgumentException(
            "expected a class of 1 to %d, found %d".formatted(classes.size(), classId));
      }
      classes
          .get(classId - 1)
          .add(
              detectionsOf.getOrDefault(classId, List.of()),
              truthsOf.getOrDefault(classId, List.of()));
    }
  }

  /** The twelve statistics of all photos added so far. */
  public CocoStatistics statistics() {
    return CocoSummary.of(classes);
  }
}

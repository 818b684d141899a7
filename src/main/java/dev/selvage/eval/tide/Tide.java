package dev.selvage.eval.tide;

import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.eval.tide.PhotoErrors.Mistake;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * The error types of many photos and what each costs (Bolya et al. 2020, "TIDE: A General Toolbox
 * for Identifying Object Detection Errors", as tidecv computes it): the mean over the classes that
 * have true objects or detections.
 */
public final class Tide {
  /**
   * One detection that counts.
   *
   * @param error null for a right one
   * @param mendedClass the class in which it is right when the error is mended; 0 where it is left
   *     out then
   */
  private record Point(int classId, double score, ErrorType error, int mendedClass) {}

  private record Photo(int order, List<Point> points, int[] truths, int[] unfound, int[] missed) {}

  private final List<Photo> photos = new ArrayList<>();

  /**
   * Adds one photo.
   *
   * @param order its place in the file; between equal scores the earlier photo goes first
   */
  public void add(int order, List<Instance> truths, List<Detection> found, PhotoErrors errors) {
    Map<Integer, Mistake> mistakeOf = new TreeMap<>();
    errors.mistakes().stream()
        .filter(m -> m.detection() >= 0)
        .forEach(m -> mistakeOf.put(m.detection(), m));
    List<Point> points = new ArrayList<>();
    for (int d : errors.order()) {
      if (!errors.ignored()[d]) {
        Detection detection = found.get(d);
        Mistake mistake = mistakeOf.get(d);
        int mended = mistake != null && mistake.mends() ? truths.get(mistake.truth()).classId() : 0;
        points.add(
            new Point(
                detection.classId(),
                detection.score(),
                mistake == null ? null : mistake.type(),
                mended));
      }
    }
    photos.add(
        new Photo(
            order,
            points,
            classes(truths, t -> true),
            classes(truths, t -> errors.foundBy()[t] < 0),
            errors.mistakes().stream()
                .filter(m -> m.type() == ErrorType.MISSED)
                .mapToInt(m -> truths.get(m.truth()).classId())
                .toArray()));
  }

  private static int[] classes(List<Instance> truths, IntPredicate fits) {
    List<Integer> classes = new ArrayList<>();
    for (int t = 0; t < truths.size(); t++) {
      if (!truths.get(t).crowd() && fits.test(t)) {
        classes.add(truths.get(t).classId());
      }
    }
    return classes.stream().mapToInt(Integer::intValue).toArray();
  }

  /** What the errors cost over all classes; null without any true object or detection. */
  public TideErrors errors() {
    Map<Integer, ScoredOutcomes> asIs = asIs();
    if (asIs.values().stream().allMatch(ScoredOutcomes::isEmpty)) {
      return null;
    }
    double ap = mean(asIs);
    Map<ErrorType, Double> main = new EnumMap<>(ErrorType.class);
    for (ErrorType type : ErrorType.values()) {
      // mended scores are sampled at other recalls, which may give a little less
      main.put(type, Math.max(mean(mended(type)) - ap, 0));
    }
    return new TideErrors(
        ap, main, mean(withoutFalsePositives()) - ap, mean(withoutFalseNegatives()) - ap);
  }

  /** The same for each class that has true objects, in points of its own AP50. */
  public Map<Integer, TideErrors> perClass() {
    Map<Integer, ScoredOutcomes> asIs = asIs();
    Map<ErrorType, Map<Integer, ScoredOutcomes>> mended = new EnumMap<>(ErrorType.class);
    for (ErrorType type : ErrorType.values()) {
      mended.put(type, mended(type));
    }
    Map<Integer, ScoredOutcomes> positives = withoutFalsePositives();
    Map<Integer, ScoredOutcomes> negatives = withoutFalseNegatives();
    Map<Integer, TideErrors> classes = new TreeMap<>();
    asIs.forEach(
        (classId, outcomes) -> {
          if (outcomes.truths() > 0) {
            double ap = outcomes.ap();
            Map<ErrorType, Double> main = new EnumMap<>(ErrorType.class);
            mended.forEach((type, all) -> main.put(type, all.get(classId).ap() - ap));
            classes.put(
                classId,
                new TideErrors(
                    ap, main, positives.get(classId).ap() - ap, negatives.get(classId).ap() - ap));
          }
        });
    return classes;
  }

  /** How many mistakes of a type there are in all photos. */
  public int count(ErrorType type) {
    int count = 0;
    for (Photo photo : photos) {
      count +=
          type == ErrorType.MISSED
              ? photo.missed.length
              : (int) photo.points.stream().filter(p -> p.error == type).count();
    }
    return count;
  }

  private Map<Integer, ScoredOutcomes> asIs() {
    Map<Integer, ScoredOutcomes> classes = new TreeMap<>();
    for (Photo photo : sorted()) {
      for (Point point : photo.points) {
        of(classes, point.classId).add(point.score, point.error == null);
      }
      addTruths(classes, photo.truths, 1);
    }
    return classes;
  }

  private Map<Integer, ScoredOutcomes> mended(ErrorType type) {
    Map<Integer, ScoredOutcomes> classes = new TreeMap<>();
    // in tidecv the wrong ones come first, which decides between equal scores
    for (Photo photo : sorted()) {
      for (Point point : photo.points) {
        if (point.error == type && point.mendedClass > 0) {
          of(classes, point.mendedClass).add(point.score, true);
        } else if (point.error != null && point.error != type) {
          of(classes, point.classId).add(point.score, false);
        }
      }
      addTruths(classes, photo.truths, 1);
      if (type == ErrorType.MISSED) {
        addTruths(classes, photo.missed, -1);
      }
    }
    addRight(classes);
    return classes;
  }

  private Map<Integer, ScoredOutcomes> withoutFalsePositives() {
    Map<Integer, ScoredOutcomes> classes = new TreeMap<>();
    for (Photo photo : photos) {
      for (Point point : photo.points) {
        of(classes, point.classId).add(point.error == null ? 1 : 0, point.error == null);
      }
      addTruths(classes, photo.truths, 1);
    }
    return classes;
  }

  private Map<Integer, ScoredOutcomes> withoutFalseNegatives() {
    Map<Integer, ScoredOutcomes> classes = new TreeMap<>();
    for (Photo photo : sorted()) {
      for (Point point : photo.points) {
        if (point.error != null) {
          of(classes, point.classId).add(point.score, false);
        }
      }
      addTruths(classes, photo.truths, 1);
      addTruths(classes, photo.unfound, -1);
    }
    addRight(classes);
    return classes;
  }

  private void addRight(Map<Integer, ScoredOutcomes> classes) {
    for (Photo photo : sorted()) {
      for (Point point : photo.points) {
        if (point.error == null) {
          of(classes, point.classId).add(point.score, true);
        }
      }
    }
  }

  private List<Photo> sorted() {
    return photos.stream().sorted(Comparator.comparingInt(Photo::order)).toList();
  }

  private static void addTruths(Map<Integer, ScoredOutcomes> classes, int[] truths, int count) {
    for (int classId : truths) {
      of(classes, classId).addTruths(count);
    }
  }

  private static ScoredOutcomes of(Map<Integer, ScoredOutcomes> classes, int classId) {
    return classes.computeIfAbsent(classId, c -> new ScoredOutcomes());
  }

  private static double mean(Map<Integer, ScoredOutcomes> classes) {
    return classes.values().stream()
        .filter(outcomes -> !outcomes.isEmpty())
        .mapToDouble(ScoredOutcomes::ap)
        .average()
        .orElse(0);
  }
}

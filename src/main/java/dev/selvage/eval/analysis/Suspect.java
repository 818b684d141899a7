package dev.selvage.eval.analysis;

import dev.selvage.eval.tide.ErrorType;
import dev.selvage.eval.tide.PhotoErrors.Mistake;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A place where the labels may be wrong rather than the model, since the model is sure.
 *
 * @param photo its place among the photos
 * @param truth the object; -1 where there is none
 * @param find the detection; -1 where there is none
 * @param weight how likely it is, for the order: the detection's score, less where the place fits
 *     less
 */
public record Suspect(Kind kind, int photo, int truth, int find, double weight) {
  /** What may be wrong. */
  public enum Kind {
    NOT_LABELLED("found, but not labelled"),
    OTHER_CLASS("labelled as another class"),
    NOT_FOUND("labelled, but not found");

    private final String meaning;

    Kind(String meaning) {
      this.meaning = meaning;
    }

    public String meaning() {
      return meaning;
    }
  }

  /** An object that was not found says less than a sure detection. */
  private static final double NOT_FOUND_WEIGHT = 0.5;

  /** All suspects, the likeliest first; an object or a detection is in one of them at most. */
  public static List<Suspect> of(List<JudgedPhoto> photos) {
    Map<Integer, Double> recalls = recalls(photos);
    List<Suspect> suspects = new ArrayList<>();
    for (int p = 0; p < photos.size(); p++) {
      add(suspects, p, photos.get(p), recalls);
    }
    suspects.sort(Comparator.comparingDouble(Suspect::weight).reversed());
    return suspects;
  }

  private static void add(
      List<Suspect> suspects, int p, JudgedPhoto photo, Map<Integer, Double> recalls) {
    boolean[] named = new boolean[photo.truths().size()];
    // in descending order of the scores, so that the surest detection names the object
    for (Mistake mistake : photo.errors().mistakes()) {
      int d = mistake.detection();
      if (mistake.type() == ErrorType.CLASS) {
        // an object that was also found as what it is labelled as is labelled well
        if (!named[mistake.truth()] && photo.errors().foundBy()[mistake.truth()] < 0) {
          named[mistake.truth()] = true;
          double weight = photo.found().get(d).score() * photo.overlaps()[d][mistake.truth()];
          suspects.add(new Suspect(Kind.OTHER_CLASS, p, mistake.truth(), d, weight));
        }
      } else if (mistake.type() == ErrorType.BACKGROUND
          || mistake.type() == ErrorType.BOTH
          || mistake.type() == ErrorType.LOCATION) {
        double weight = photo.found().get(d).score() * (1 - photo.largestOverlap(d));
        suspects.add(new Suspect(Kind.NOT_LABELLED, p, -1, d, weight));
      } else if (mistake.type() == ErrorType.MISSED && !named[mistake.truth()]) {
        int classId = photo.truths().get(mistake.truth()).classId();
        suspects.add(
            new Suspect(
                Kind.NOT_FOUND,
                p,
                mistake.truth(),
                -1,
                NOT_FOUND_WEIGHT * recalls.getOrDefault(classId, 0.)));
      }
    }
  }

  /** Which part of its objects each class finds: a miss is a surprise where it finds most. */
  private static Map<Integer, Double> recalls(List<JudgedPhoto> photos) {
    Map<Integer, int[]> counts = new HashMap<>();
    for (JudgedPhoto photo : photos) {
      for (int t = 0; t < photo.truths().size(); t++) {
        if (!photo.truths().get(t).crowd()) {
          int[] count = counts.computeIfAbsent(photo.truths().get(t).classId(), c -> new int[2]);
          count[0] += photo.errors().foundBy()[t] >= 0 ? 1 : 0;
          count[1]++;
        }
      }
    }
    Map<Integer, Double> recalls = new HashMap<>();
    counts.forEach((c, count) -> recalls.put(c, (double) count[0] / count[1]));
    return recalls;
  }
}

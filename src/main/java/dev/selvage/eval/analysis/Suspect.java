package dev.selvage.eval.analysis;

import dev.selvage.eval.analysis.JudgedPhoto.Find;
import dev.selvage.eval.tide.PhotoErrors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A place where the labels may be wrong rather than the model, since the model is sure.
 *
 * @param photo its place among the photos
 * @param truth the object; -1 where there is none
 * @param find the detection; -1 where there is none
 * @param weight how likely it is, for the order only: it grows with the score, and with how often
 *     the class is right elsewhere
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
  static List<Suspect> of(List<JudgedPhoto> photos, int classes) {
    return new Search(photos, classes).suspects();
  }

  /** Goes through the photos, with what they say together of each class. */
  private static final class Search {
    private final List<JudgedPhoto> photos;
    private final Map<Integer, ScoreCurve> curves;

    /** By class: detections on an object of any class, and those of them of its class. */
    private final int[] located;

    private final int[] agreeing;

    /** By class: objects, and those of them that were found. */
    private final int[] objects;

    private final int[] recalled;
    private final List<Suspect> suspects = new ArrayList<>();

    Search(List<JudgedPhoto> photos, int classes) {
      this.photos = photos;
      curves = ScoreCurve.of(photos, classes);
      located = new int[classes + 1];
      agreeing = new int[classes + 1];
      objects = new int[classes + 1];
      recalled = new int[classes + 1];
      photos.forEach(this::count);
    }

    private void count(JudgedPhoto photo) {
      for (int d : photo.errors().order()) {
        int classId = photo.found().get(d).classId();
        boolean isRight = photo.errors().truthOf()[d] >= 0;
        agreeing[classId] += isRight ? 1 : 0;
        located[classId] += isRight || otherClass(photo, d) >= 0 ? 1 : 0;
      }
      for (int t = 0; t < photo.truths().size(); t++) {
        if (!photo.truths().get(t).crowd()) {
          int classId = photo.truths().get(t).classId();
          objects[classId]++;
          recalled[classId] += photo.errors().foundBy()[t] >= 0 ? 1 : 0;
        }
      }
    }

    List<Suspect> suspects() {
      for (int p = 0; p < photos.size(); p++) {
        add(p, photos.get(p));
      }
      suspects.sort(Comparator.comparingDouble(Suspect::weight).reversed());
      return suspects;
    }

    private void add(int p, JudgedPhoto photo) {
      PhotoErrors errors = photo.errors();
      boolean[] named = new boolean[photo.truths().size()];
      // in descending order of the scores, so that the surest detection names the object
      for (int d : errors.order()) {
        if (errors.truthOf()[d] >= 0 || errors.ignored()[d]) {
          continue;
        }
        Find find = photo.found().get(d);
        int other = otherClass(photo, d);
        double overlap = photo.largestOverlap(d);
        if (overlap < PhotoErrors.RIGHT) {
          double precision = curves.get(find.classId()).at(find.score()).precision();
          double weight = find.score() * precision * (1 - overlap);
          suspects.add(new Suspect(Kind.NOT_LABELLED, p, -1, d, weight));
        } else if (other >= 0 && errors.foundBy()[other] < 0 && !named[other]) {
          // where something is found as what it is labelled as, the label is good
          named[other] = true;
          // the place is right, and a score is low for a doubtful place too, so it counts less
          double agreement = (double) agreeing[find.classId()] / located[find.classId()];
          double weight = agreement * Math.sqrt(Math.max(0, find.score()));
          suspects.add(new Suspect(Kind.OTHER_CLASS, p, other, d, weight));
        }
      }
      for (int t = 0; t < named.length; t++) {
        int classId = photo.truths().get(t).classId();
        if (!photo.truths().get(t).crowd() && !named[t] && isMissed(photo, t)) {
          double recall = (double) recalled[classId] / objects[classId];
          suspects.add(new Suspect(Kind.NOT_FOUND, p, t, -1, NOT_FOUND_WEIGHT * recall));
        }
      }
    }

    /** Whether nothing of its class was found even near an object. */
    private static boolean isMissed(JudgedPhoto photo, int t) {
      for (int d : photo.errors().order()) {
        if (photo.found().get(d).classId() == photo.truths().get(t).classId()
            && photo.overlaps()[d][t] >= PhotoErrors.BACKGROUND) {
          return false;
        }
      }
      return true;
    }

    /** The object that a detection lies on, if it is of another class; else -1. */
    private static int otherClass(JudgedPhoto photo, int d) {
      int best = -1;
      for (int t = 0; t < photo.truths().size(); t++) {
        if (!photo.truths().get(t).crowd()
            && photo.overlaps()[d][t] >= PhotoErrors.RIGHT
            && (best < 0 || photo.overlaps()[d][t] > photo.overlaps()[d][best])) {
          best = t;
        }
      }
      return best >= 0 && photo.truths().get(best).classId() != photo.found().get(d).classId()
          ? best
          : -1;
    }
  }
}

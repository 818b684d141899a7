package dev.selvage.eval.analysis;

import dev.selvage.eval.tide.PhotoErrors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Precision, recall and F1 of one class, or of all together, when only detections from some score
 * on are kept. A detection is right as in {@link PhotoErrors}.
 *
 * @param truths how many objects there are
 * @param points by descending score, one for each score that a detection has
 * @param best the point with the largest F1; of equal ones that with the highest score. Null
 *     without detections or without objects
 */
public record ScoreCurve(int truths, List<Point> points, Point best) {
  /** Takes the place of a class: all classes together. */
  public static final int ALL = 0;

  /**
   * One threshold.
   *
   * @param score least score of a detection that is kept
   * @param recall NaN without objects
   * @param f1 likewise
   */
  public record Point(double score, double precision, double recall, double f1) {}

  private record Outcome(double score, boolean right) {}

  /** The curves by class; {@link #ALL} is that of all classes together. */
  public static Map<Integer, ScoreCurve> of(List<JudgedPhoto> photos, int classes) {
    Map<Integer, List<Outcome>> outcomes = new TreeMap<>();
    int[] truths = new int[classes + 1];
    for (int c = ALL; c <= classes; c++) {
      outcomes.put(c, new ArrayList<>());
    }
    for (JudgedPhoto photo : photos) {
      for (JudgedPhoto.Truth truth : photo.truths()) {
        if (!truth.crowd()) {
          truths[truth.classId()]++;
          truths[ALL]++;
        }
      }
      for (int d : photo.errors().order()) {
        if (!photo.errors().ignored()[d]) {
          JudgedPhoto.Find find = photo.found().get(d);
          Outcome outcome = new Outcome(find.score(), photo.errors().truthOf()[d] >= 0);
          outcomes.get(find.classId()).add(outcome);
          outcomes.get(ALL).add(outcome);
        }
      }
    }
    Map<Integer, ScoreCurve> curves = new TreeMap<>();
    outcomes.forEach((c, list) -> curves.put(c, curve(list, truths[c])));
    return curves;
  }

  private static ScoreCurve curve(List<Outcome> outcomes, int truths) {
    outcomes.sort(Comparator.comparingDouble(Outcome::score).reversed());
    List<Point> points = new ArrayList<>();
    int right = 0;
    for (int i = 0; i < outcomes.size(); i++) {
      right += outcomes.get(i).right ? 1 : 0;
      double score = outcomes.get(i).score;
      if (i + 1 == outcomes.size() || outcomes.get(i + 1).score < score) {
        double precision = (double) right / (i + 1);
        points.add(
            truths == 0
                ? new Point(score, precision, Double.NaN, Double.NaN)
                : new Point(
                    score, precision, (double) right / truths, 2.0 * right / (i + 1 + truths)));
      }
    }
    Point best = null;
    for (Point point : points) {
      best = truths > 0 && (best == null || point.f1 > best.f1) ? point : best;
    }
    return new ScoreCurve(truths, List.copyOf(points), best);
  }

  /** The point for detections of at least this score; null where there are none. */
  public Point at(double score) {
    Point last = null;
    for (Point point : points) {
      if (point.score < score) {
        break;
      }
      last = point;
    }
    return last;
  }
}

package dev.selvage.studio.results;

import dev.selvage.eval.analysis.Confusion;
import dev.selvage.eval.analysis.Confusion.Cell;
import dev.selvage.eval.analysis.Confusion.Entry;
import dev.selvage.eval.analysis.JudgedPhoto;
import dev.selvage.eval.tide.ErrorType;
import dev.selvage.eval.tide.PhotoErrors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The objects behind each number, the most telling first. */
final class Examples {
  /**
   * One object, or a photo as a whole.
   *
   * @param photo its place among the judged ones
   * @param truth the true object; -1 for none
   * @param find the detection; -1 for none
   * @param note what is to be said about it; empty for nothing
   */
  record Example(int photo, int truth, int find, String note) {}

  private final JudgedModel model;
  private final List<JudgedPhoto> photos;

  Examples(JudgedModel model) {
    this.model = model;
    photos = model.photos();
  }

  /** Places where the labels may be wrong, the likeliest first. */
  List<Example> suspects() {
    return model.analysis().suspects().stream()
        .map(s -> new Example(s.photo(), s.truth(), s.find(), s.kind().meaning()))
        .toList();
  }

  /** All photos that show objects. */
  List<Example> photos(boolean hardest) {
    Comparator<Integer> order = Comparator.comparing(photos::get, JudgedPhoto.HARDEST_FIRST);
    return IntStream.range(0, photos.size())
        .filter(p -> !photos.get(p).truths().isEmpty())
        .boxed()
        .sorted(hardest ? order : order.reversed())
        .map(p -> new Example(p, -1, -1, ""))
        .toList();
  }

  /** Mistakes of one type. */
  List<Example> errors(ErrorType type) {
    List<Entry> entries = new ArrayList<>();
    for (int p = 0; p < photos.size(); p++) {
      for (PhotoErrors.Mistake mistake : photos.get(p).errors().mistakes()) {
        if (mistake.type() == type) {
          entries.add(new Entry(p, mistake.truth(), mistake.detection()));
        }
      }
    }
    return sorted(entries, e -> -weight(e));
  }

  /**
   * The objects of a class that were found as a class.
   *
   * @param truth class; {@value Confusion#BACKGROUND} for background
   * @param find likewise
   */
  List<Example> cell(int truth, int find, double iou, double score) {
    for (Cell cell : Confusion.of(photos, iou, score).filled()) {
      if (cell.truth() == truth && cell.find() == find) {
        return sorted(cell.entries(), e -> cell.isRight() ? weight(e) : -weight(e));
      }
    }
    return List.of();
  }

  /** What became of an object or a detection at a score. */
  enum Outcome {
    /** A detection that is right. */
    TP,
    /** A detection that is wrong. */
    FP,
    /** An object that was not found. */
    FN
  }

  /**
   * Right and wrong detections from some score on, or the objects that these leave unfound.
   *
   * @param classId of the detection or, for {@link Outcome#FN}, of the object; 0 for any
   * @param leastIou of the detection with its object or, where it is wrong, with the nearest; of an
   *     unfound object with the nearest detection
   * @param mostIou likewise
   */
  List<Example> outcomes(
      Outcome outcome, int classId, double score, double leastIou, double mostIou) {
    List<Entry> entries = new ArrayList<>();
    for (int p = 0; p < photos.size(); p++) {
      JudgedPhoto photo = photos.get(p);
      if (outcome == Outcome.FN) {
        for (int t = 0; t < photo.truths().size(); t++) {
          boolean fits = classId == 0 || photo.truths().get(t).classId() == classId;
          if (fits
              && isMissed(photo, t, score)
              && isIn(nearest(photo, t, score), leastIou, mostIou)) {
            entries.add(new Entry(p, t, -1));
          }
        }
      } else {
        for (int d : photo.errors().order()) {
          int truth = photo.errors().truthOf()[d];
          boolean fits = classId == 0 || photo.found().get(d).classId() == classId;
          if (fits
              && photo.found().get(d).score() >= score
              && !photo.errors().ignored()[d]
              && truth >= 0 == (outcome == Outcome.TP)
              && isIn(iou(photo, d), leastIou, mostIou)) {
            entries.add(new Entry(p, truth, d));
          }
        }
      }
    }
    return sorted(entries, e -> outcome == Outcome.TP ? weight(e) : -weight(e));
  }

  private static boolean isIn(double iou, double least, double most) {
    return iou >= least && iou <= most;
  }

  /** Whether no detection of at least a score found an object. */
  static boolean isMissed(JudgedPhoto photo, int truth, double score) {
    int find = photo.errors().foundBy()[truth];
    return !photo.truths().get(truth).crowd()
        && (find < 0 || photo.found().get(find).score() < score);
  }

  /** IoU of a detection with its object or, where it is wrong, with the nearest one. */
  static double iou(JudgedPhoto photo, int find) {
    int truth = photo.errors().truthOf()[find];
    return truth >= 0 ? photo.overlaps()[find][truth] : photo.largestOverlap(find);
  }

  /** The largest IoU of an object with a detection of at least a score. */
  private static double nearest(JudgedPhoto photo, int truth, double score) {
    double largest = 0;
    for (int d : photo.errors().order()) {
      if (photo.found().get(d).score() >= score) {
        largest = Math.max(largest, photo.overlaps()[d][truth]);
      }
    }
    return largest;
  }

  /** The score of the detection, or the object's part of the photo. */
  private double weight(Entry entry) {
    return photos.get(entry.photo()).weight(entry.truth(), entry.find());
  }

  private static List<Example> sorted(List<Entry> entries, ToDoubleFunction<Entry> order) {
    return entries.stream()
        .sorted(Comparator.comparingDouble(order))
        .map(e -> new Example(e.photo(), e.truth(), e.find(), ""))
        .toList();
  }
}

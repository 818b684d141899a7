package dev.selvage.eval.analysis;

import dev.selvage.eval.analysis.JudgedPhoto.Find;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which classes are found as which. Of all pairs of an object and a detection whose IoU suffices,
 * that with the largest IoU is matched first, and each is matched once, whatever their classes are.
 * What is left is background: an object that nothing was found for, a detection where nothing is.
 * Detections in a crowd of their class do not count.
 *
 * @param iou least IoU of a match
 * @param score least score of a detection that counts
 * @param cells by class of the truth, then by class of the detection; {@value #BACKGROUND} is the
 *     background. Cells without entries are left out
 */
public record Confusion(double iou, double score, Map<Integer, Map<Integer, List<Entry>>> cells) {
  /** Takes the place of a class. */
  public static final int BACKGROUND = 0;

  /**
   * One object of a cell.
   *
   * @param photo its place among the photos
   * @param truth its place in the photo; -1 for background
   * @param find likewise
   */
  public record Entry(int photo, int truth, int find) {}

  /** The objects of one class that were found as one class; one of the two may be background. */
  public record Cell(int truth, int find, List<Entry> entries) {
    public boolean isRight() {
      return truth == find;
    }
  }

  private record Pair(int truth, int find, double overlap, boolean sameClass, double score) {}

  /** Counts all photos. */
  public static Confusion of(List<JudgedPhoto> photos, double iou, double score) {
    Confusion confusion = new Confusion(iou, score, new TreeMap<>());
    for (int p = 0; p < photos.size(); p++) {
      confusion.add(p, photos.get(p));
    }
    return confusion;
  }

  private void add(int p, JudgedPhoto photo) {
    List<Pair> pairs = new ArrayList<>();
    for (int d = 0; d < photo.found().size(); d++) {
      Find find = photo.found().get(d);
      for (int t = 0; t < photo.truths().size(); t++) {
        if (find.score() >= score
            && !photo.truths().get(t).crowd()
            && photo.overlaps()[d][t] >= iou) {
          boolean sameClass = photo.truths().get(t).classId() == find.classId();
          pairs.add(new Pair(t, d, photo.overlaps()[d][t], sameClass, find.score()));
        }
      }
    }
    pairs.sort(
        Comparator.comparingDouble(Pair::overlap)
            .thenComparing(Pair::sameClass)
            .thenComparingDouble(Pair::score)
            .reversed());
    boolean[] taken = new boolean[photo.truths().size()];
    boolean[] used = new boolean[photo.found().size()];
    for (Pair pair : pairs) {
      if (!taken[pair.truth] && !used[pair.find]) {
        taken[pair.truth] = true;
        used[pair.find] = true;
        put(
            photo.truths().get(pair.truth).classId(),
            photo.found().get(pair.find).classId(),
            new Entry(p, pair.truth, pair.find));
      }
    }
    for (int t = 0; t < taken.length; t++) {
      if (!taken[t] && !photo.truths().get(t).crowd()) {
        put(photo.truths().get(t).classId(), BACKGROUND, new Entry(p, t, -1));
      }
    }
    for (int d = 0; d < used.length; d++) {
      Find find = photo.found().get(d);
      if (!used[d] && find.score() >= score && !isInCrowd(photo, d)) {
        put(BACKGROUND, find.classId(), new Entry(p, -1, d));
      }
    }
  }

  private boolean isInCrowd(JudgedPhoto photo, int d) {
    for (int t = 0; t < photo.truths().size(); t++) {
      if (photo.truths().get(t).crowd()
          && photo.truths().get(t).classId() == photo.found().get(d).classId()
          && photo.overlaps()[d][t] >= iou) {
        return true;
      }
    }
    return false;
  }

  private void put(int truth, int find, Entry entry) {
    cells
        .computeIfAbsent(truth, c -> new TreeMap<>())
        .computeIfAbsent(find, c -> new ArrayList<>())
        .add(entry);
  }

  /** All cells with objects, by truth and then by what was found. */
  public List<Cell> filled() {
    List<Cell> filled = new ArrayList<>();
    cells.forEach(
        (truth, row) -> row.forEach((find, entries) -> filled.add(new Cell(truth, find, entries))));
    return filled;
  }

  /** How many objects of a class were found as another. */
  public int count(int truth, int find) {
    return cells.getOrDefault(truth, Map.of()).getOrDefault(find, List.of()).size();
  }
}

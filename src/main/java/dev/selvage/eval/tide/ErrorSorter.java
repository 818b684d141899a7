package dev.selvage.eval.tide;

import static dev.selvage.eval.tide.PhotoErrors.BACKGROUND;
import static dev.selvage.eval.tide.PhotoErrors.RIGHT;

import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.eval.tide.PhotoErrors.Mistake;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Finds the mistakes in one photo, with the tie-breaks of tidecv. */
final class ErrorSorter {
  private static final int MOST = 100;

  private final List<Instance> truths;
  private final List<Detection> found;
  private final double[][] overlaps;
  private final int[] truthOf;
  private final int[] foundBy;
  private final boolean[] ignored;

  ErrorSorter(List<Instance> truths, List<Detection> found, double[][] overlaps) {
    this.truths = truths;
    this.found = found;
    this.overlaps = overlaps;
    truthOf = new int[found.size()];
    foundBy = new int[truths.size()];
    ignored = new boolean[found.size()];
    Arrays.fill(truthOf, -1);
    Arrays.fill(foundBy, -1);
  }

  PhotoErrors sort() {
    int[] order =
        IntStream.range(0, found.size())
            .boxed()
            .sorted(Comparator.comparingDouble((Integer d) -> found.get(d).score()).reversed())
            .limit(MOST)
            .mapToInt(Integer::intValue)
            .toArray();
    for (int d : order) {
      match(d);
    }
    List<Mistake> mistakes = new ArrayList<>();
    boolean[] mended = new boolean[truths.size()];
    for (int d : order) {
      if (truthOf[d] < 0 && !ignored[d]) {
        mistakes.add(mistake(d, mended));
      }
    }
    for (int t = 0; t < foundBy.length; t++) {
      if (!truths.get(t).crowd() && foundBy[t] < 0 && !mended[t]) {
        mistakes.add(new Mistake(ErrorType.MISSED, -1, t, false));
      }
    }
    return new PhotoErrors(order, truthOf, foundBy, ignored, List.copyOf(mistakes));
  }

  private void match(int d) {
    int best = largest(d, t -> isSameClass(d, t) && foundBy[t] < 0);
    if (best >= 0 && overlaps[d][best] >= RIGHT) {
      truthOf[d] = best;
      foundBy[best] = d;
      return;
    }
    for (int t = 0; t < foundBy.length; t++) {
      ignored[d] |= truths.get(t).crowd() && isSameClass(d, t) && overlaps[d][t] > RIGHT;
    }
  }

  private Mistake mistake(int d, boolean[] mended) {
    int same = largest(d, t -> isSameClass(d, t));
    if (same >= 0 && overlaps[d][same] >= BACKGROUND && overlaps[d][same] <= RIGHT) {
      return new Mistake(ErrorType.LOCATION, d, same, mends(same, mended));
    }
    int other = largest(d, t -> !isSameClass(d, t));
    if (other >= 0 && overlaps[d][other] >= RIGHT) {
      return new Mistake(ErrorType.CLASS, d, other, mends(other, mended));
    }
    int taken = largest(d, t -> isSameClass(d, t) && foundBy[t] >= 0);
    if (taken >= 0 && overlaps[d][taken] >= RIGHT) {
      return new Mistake(ErrorType.DUPLICATE, d, taken, false);
    }
    int any = largest(d, t -> true);
    return any < 0 || overlaps[d][any] <= BACKGROUND
        ? new Mistake(ErrorType.BACKGROUND, d, -1, false)
        : new Mistake(ErrorType.BOTH, d, any, false);
  }

  /** Whether mending a mistake about this object finds it; only the first one does. */
  private boolean mends(int truth, boolean[] mended) {
    if (foundBy[truth] >= 0 || mended[truth]) {
      return false;
    }
    mended[truth] = true;
    return true;
  }

  private boolean isSameClass(int d, int t) {
    return found.get(d).classId() == truths.get(t).classId();
  }

  /** The first of the single objects with the largest overlap that fit; -1 for none. */
  private int largest(int d, IntPredicate fits) {
    int best = -1;
    for (int t = 0; t < foundBy.length; t++) {
      if (!truths.get(t).crowd()
          && fits.test(t)
          && (best < 0 || overlaps[d][t] > overlaps[d][best])) {
        best = t;
      }
    }
    return best;
  }
}

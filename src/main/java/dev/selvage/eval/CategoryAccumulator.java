package dev.selvage.eval;

import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The matches of one category in the photos added so far, by boxes or by masks: each detection's
 * score and, for every area range and IoU threshold, whether it matched a true object and whether
 * it counts. COCO's evaluateImg and accumulate.
 */
final class CategoryAccumulator {
  private static final int AREAS = AreaRange.values().length;
  private static final int MOST = CocoParams.DETECTIONS[CocoParams.DETECTIONS.length - 1];

  private final Category category;
  private final IouType kind;
  private final int[] truthCounts = new int[AREAS];
  private int size;
  private double[] scores = new double[16];

  /** Rank of a detection among those of its photo, by score, from 0. */
  private byte[] ranks = new byte[16];

  /**
   * [area][detection]: bit t says that the detection matched, or does not count, at IoU threshold
   * t.
   */
  private short[][] matched = new short[AREAS][16];

  private short[][] ignored = new short[AREAS][16];

  CategoryAccumulator(Category category, IouType kind) {
    this.category = category;
    this.kind = kind;
  }

  Category category() {
    return category;
  }

  /** How many true objects count, of any area. */
  int truths() {
    return truthCounts[AreaRange.ALL.ordinal()];
  }

  /** Adds one photo; photos come in the order of their ids, which decides between equal scores. */
  void add(List<Detection> found, List<Instance> truths) {
    List<Detection> best =
        found.stream()
            .sorted(Comparator.comparingDouble(Detection::score).reversed())
            .limit(MOST)
            .toList();
    double[][] overlaps = kind.of(best, truths);
    reserve(size + best.size());
    for (int d = 0; d < best.size(); d++) {
      scores[size + d] = best.get(d).score();
      ranks[size + d] = (byte) d;
    }
    for (AreaRange range : AreaRange.values()) {
      match(range, best, truths, overlaps);
    }
    size += best.size();
  }

  private void match(
      AreaRange range, List<Detection> found, List<Instance> truths, double[][] overlaps) {
    int area = range.ordinal();
    boolean[] ignore = new boolean[truths.size()];
    for (int t = 0; t < ignore.length; t++) {
      ignore[t] = truths.get(t).crowd() || !range.contains(truths.get(t).area());
      truthCounts[area] += ignore[t] ? 0 : 1;
    }
    int[] order = countingFirst(ignore);
    for (int threshold = 0; threshold < CocoParams.IOU.length; threshold++) {
      boolean[] taken = new boolean[ignore.length];
      for (int d = 0; d < found.size(); d++) {
        int match = bestMatch(overlaps[d], order, ignore, truths, taken, CocoParams.IOU[threshold]);
        boolean counts = match >= 0 ? !ignore[match] : range.contains(found.get(d).area());
        if (match >= 0) {
          taken[match] = true;
          matched[area][size + d] |= (short) (1 << threshold);
        }
        if (!counts) {
          ignored[area][size + d] |= (short) (1 << threshold);
        }
      }
    }
  }

  /**
   * The free truth with the largest overlap of at least the threshold, one that counts before one
   * that does not; or -1.
   */
  private static int bestMatch(
      double[] overlaps,
      int[] order,
      boolean[] ignore,
      List<Instance> truths,
      boolean[] taken,
      double threshold) {
    double best = Math.min(threshold, 1 - 1e-10);
    int match = -1;
    for (int t : order) {
      if (taken[t] && !truths.get(t).crowd()) {
        continue;
      }
      if (match >= 0 && !ignore[match] && ignore[t]) {
        break;
      }
      if (overlaps[t] >= best) {
        best = overlaps[t];
        match = t;
      }
    }
    return match;
  }

  private static int[] countingFirst(boolean[] ignore) {
    IntStream places = IntStream.range(0, ignore.length);
    return IntStream.concat(
            places.filter(t -> !ignore[t]),
            IntStream.range(0, ignore.length).filter(t -> ignore[t]))
        .toArray();
  }

  /** Precision and recall; null where no truth counts in this area range. */
  PrecisionRecallCurve[] curves(AreaRange range, int detectionsPerPhoto) {
    int area = range.ordinal();
    if (truthCounts[area] == 0) {
      return null;
    }
    int[] order =
        IntStream.range(0, size)
            .filter(d -> ranks[d] < detectionsPerPhoto)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer d) -> scores[d]).reversed())
            .mapToInt(Integer::intValue)
            .toArray();
    PrecisionRecallCurve[] curves = new PrecisionRecallCurve[CocoParams.IOU.length];
    for (int threshold = 0; threshold < curves.length; threshold++) {
      curves[threshold] = curve(order, area, 1 << threshold);
    }
    return curves;
  }

  private PrecisionRecallCurve curve(int[] order, int area, int bit) {
    byte[] outcomes = new byte[order.length];
    for (int i = 0; i < order.length; i++) {
      if ((ignored[area][order[i]] & bit) == 0) {
        outcomes[i] = (byte) ((matched[area][order[i]] & bit) != 0 ? 1 : -1);
      }
    }
    return PrecisionRecallCurve.of(outcomes, truthCounts[area]);
  }

  private void reserve(int count) {
    if (count > scores.length) {
      int capacity = Math.max(count, 2 * scores.length);
      scores = Arrays.copyOf(scores, capacity);
      ranks = Arrays.copyOf(ranks, capacity);
      for (int area = 0; area < AREAS; area++) {
        matched[area] = Arrays.copyOf(matched[area], capacity);
        ignored[area] = Arrays.copyOf(ignored[area], capacity);
      }
    }
  }
}

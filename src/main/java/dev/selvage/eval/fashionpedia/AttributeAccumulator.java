package dev.selvage.eval.fashionpedia;

import dev.selvage.data.Detection;
import dev.selvage.eval.AreaRange;
import dev.selvage.eval.CocoParams;
import dev.selvage.eval.IouType;
import dev.selvage.eval.PrecisionRecallCurve;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The matches of one category in the photos added so far. A detection matches a true object that
 * fits by both IoU and attributes. The last one of the thresholds of either is none.
 */
final class AttributeAccumulator {
  /** IoU and F1 have the same thresholds; the place of none. */
  static final int NONE = CocoParams.IOU.length;

  private static final double[] THRESHOLDS = thresholds();
  private static final int MOST = CocoParams.DETECTIONS[CocoParams.DETECTIONS.length - 1];

  private final IouType kind;
  private final boolean hasAttributes;
  private final int[] truthCounts = new int[AreaRange.values().length];
  private final List<Double> scores = new ArrayList<>();

  /** Rank of each detection among those of its photo and category, by score, from 0. */
  private final List<Integer> ranks = new ArrayList<>();

  /** [area][IoU threshold][F1 threshold]: which detections match, and which do not count. */
  private final BitSet[][][] matched = sets();

  private final BitSet[][][] ignored = sets();

  AttributeAccumulator(int categoryId, IouType kind) {
    this.kind = kind;
    hasAttributes = FashionpediaCategories.hasAttributes(categoryId);
  }

  private static double[] thresholds() {
    double[] thresholds = new double[NONE + 1];
    System.arraycopy(CocoParams.IOU, 0, thresholds, 0, NONE);
    thresholds[NONE] = -1;
    return thresholds;
  }

  private static BitSet[][][] sets() {
    BitSet[][][] sets = new BitSet[AreaRange.values().length][THRESHOLDS.length][THRESHOLDS.length];
    for (BitSet[][] area : sets) {
      for (BitSet[] iou : area) {
        for (int f = 0; f < iou.length; f++) {
          iou[f] = new BitSet();
        }
      }
    }
    return sets;
  }

  /** Places of the F1 thresholds by which this category counts where attributes are asked for. */
  IntStream attributeThresholds() {
    return hasAttributes ? IntStream.range(0, NONE) : IntStream.of(NONE);
  }

  /** The place of one F1 threshold, which is none for a category without attributes. */
  int attributeThreshold(int place) {
    return hasAttributes ? place : NONE;
  }

  /** Adds one photo's objects of this category; photos come in the order of their ids. */
  void add(List<AttributedTruth> truths, List<AttributedDetection> found) {
    List<AttributedDetection> best =
        found.stream()
            .sorted(
                Comparator.comparingDouble((AttributedDetection f) -> f.detection().score())
                    .reversed())
            .limit(MOST)
            .toList();
    double[][] ious =
        kind.of(
            best.stream().map(AttributedDetection::detection).toList(),
            truths.stream().map(AttributedTruth::truth).toList());
    double[][] f1s = new double[best.size()][truths.size()];
    for (int d = 0; hasAttributes && d < f1s.length; d++) {
      for (int t = 0; t < truths.size(); t++) {
        f1s[d][t] = best.get(d).attributes().f1(truths.get(t).attributes());
      }
    }
    for (AreaRange range : AreaRange.values()) {
      match(range, truths, best, ious, f1s);
    }
    for (int d = 0; d < best.size(); d++) {
      scores.add(best.get(d).detection().score());
      ranks.add(d);
    }
  }

  private void match(
      AreaRange range,
      List<AttributedTruth> truths,
      List<AttributedDetection> found,
      double[][] ious,
      double[][] f1s) {
    int area = range.ordinal();
    boolean[] counts = new boolean[truths.size()];
    for (int t = 0; t < counts.length; t++) {
      counts[t] = range.contains(truths.get(t).truth().area());
      truthCounts[area] += counts[t] ? 1 : 0;
    }
    int[] order =
        IntStream.concat(
                IntStream.range(0, counts.length).filter(t -> counts[t]),
                IntStream.range(0, counts.length).filter(t -> !counts[t]))
            .toArray();
    for (int iou = 0; iou < THRESHOLDS.length; iou++) {
      for (int f1 = hasAttributes ? 0 : NONE; f1 < THRESHOLDS.length; f1++) {
        boolean[] taken = new boolean[counts.length];
        for (int d = 0; d < found.size(); d++) {
          int match = match(order, counts, taken, ious[d], f1s[d], THRESHOLDS[iou], THRESHOLDS[f1]);
          if (match >= 0) {
            taken[match] = true;
            matched[area][iou][f1].set(scores.size() + d);
          }
          boolean isCounted =
              match >= 0 ? counts[match] : range.contains(area(found.get(d).detection()));
          ignored[area][iou][f1].set(scores.size() + d, !isCounted);
        }
      }
    }
  }

  /** The authors' program takes the area of the box where it compares boxes. */
  private double area(Detection detection) {
    return kind == IouType.BOX ? detection.area() : detection.mask().area();
  }

  /**
   * The last of the free objects of which each fits at least as well as the one before, by IoU and
   * by attributes; one that counts before one that does not; -1 for none.
   */
  private static int match(
      int[] order,
      boolean[] counts,
      boolean[] taken,
      double[] ious,
      double[] f1s,
      double iouThreshold,
      double f1Threshold) {
    double iou = Math.min(iouThreshold, 1 - 1e-10);
    double f1 = Math.min(f1Threshold, 1 - 1e-10);
    int match = -1;
    for (int t : order) {
      if (taken[t]) {
        continue;
      }
      if (match >= 0 && counts[match] && !counts[t]) {
        break;
      }
      if (ious[t] >= iou && f1s[t] >= f1) {
        iou = ious[t];
        f1 = f1s[t];
        match = t;
      }
    }
    return match;
  }

  /** Precision and recall at one pair of thresholds; null where no truth counts in this range. */
  PrecisionRecallCurve curve(AreaRange range, int detectionsPerPhoto, int iou, int f1) {
    int area = range.ordinal();
    if (truthCounts[area] == 0) {
      return null;
    }
    int[] order =
        IntStream.range(0, scores.size())
            .filter(d -> ranks.get(d) < detectionsPerPhoto)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer d) -> scores.get(d)).reversed())
            .mapToInt(Integer::intValue)
            .toArray();
    byte[] outcomes = new byte[order.length];
    for (int i = 0; i < order.length; i++) {
      if (!ignored[area][iou][f1].get(order[i])) {
        outcomes[i] = (byte) (matched[area][iou][f1].get(order[i]) ? 1 : -1);
      }
    }
    return PrecisionRecallCurve.of(outcomes, truthCounts[area]);
  }
}

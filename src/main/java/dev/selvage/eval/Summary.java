package dev.selvage.eval;

import dev.selvage.eval.CocoStatistics.CategoryScore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Averages over the categories: COCO's summarize. Categories without truths take no part. */
final class Summary {
  private static final int MOST = Thresholds.DETECTIONS[2];

  private Summary() {}

  static CocoStatistics of(SortedMap<Integer, CategoryTally> tallies) {
    List<Curve[]> all = curves(tallies, AreaRange.ALL, MOST);
    List<Curve[]> small = curves(tallies, AreaRange.SMALL, MOST);
    List<Curve[]> medium = curves(tallies, AreaRange.MEDIUM, MOST);
    List<Curve[]> large = curves(tallies, AreaRange.LARGE, MOST);
    double[] stats = {
      precision(all, 0, Thresholds.IOU.length),
      precision(all, Thresholds.IOU_50, Thresholds.IOU_50 + 1),
      precision(all, Thresholds.IOU_75, Thresholds.IOU_75 + 1),
      precision(small, 0, Thresholds.IOU.length),
      precision(medium, 0, Thresholds.IOU.length),
      precision(large, 0, Thresholds.IOU.length),
      recall(curves(tallies, AreaRange.ALL, Thresholds.DETECTIONS[0])),
      recall(curves(tallies, AreaRange.ALL, Thresholds.DETECTIONS[1])),
      recall(all),
      recall(small),
      recall(medium),
      recall(large)
    };
    List<CategoryScore> categories = new ArrayList<>();
    for (Map.Entry<Integer, CategoryTally> entry : tallies.entrySet()) {
      Curve[] curves = entry.getValue().curves(AreaRange.ALL, MOST);
      double ap = Double.NaN;
      double ap50 = Double.NaN;
      if (curves != null) {
        ap = precision(List.<Curve[]>of(curves), 0, curves.length);
        ap50 = curves[Thresholds.IOU_50].averagePrecision();
      }
      categories.add(new CategoryScore(entry.getKey(), entry.getValue().truths(), ap, ap50));
    }
    return new CocoStatistics(stats, List.copyOf(categories));
  }

  private static List<Curve[]> curves(
      SortedMap<Integer, CategoryTally> tallies, AreaRange range, int detections) {
    return tallies.values().stream()
        .map(t -> t.curves(range, detections))
        .filter(c -> c != null)
        .toList();
  }

  private static double precision(List<Curve[]> categories, int from, int to) {
    return categories.stream()
        .flatMap(curves -> Arrays.stream(curves, from, to))
        .mapToDouble(Curve::averagePrecision)
        .average()
        .orElse(-1);
  }

  private static double recall(List<Curve[]> categories) {
    return categories.stream()
        .flatMap(Arrays::stream)
        .mapToDouble(Curve::recall)
        .average()
        .orElse(-1);
  }
}

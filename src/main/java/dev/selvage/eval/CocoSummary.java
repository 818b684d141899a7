package dev.selvage.eval;

import dev.selvage.eval.CocoStatistics.CategoryScore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Averages over the categories: COCO's summarize. Categories without truths take no part. */
final class CocoSummary {
  private static final int MOST = CocoParams.DETECTIONS[2];

  private CocoSummary() {}

  static CocoStatistics of(SortedMap<Integer, CategoryAccumulator> tallies) {
    List<PrecisionRecallCurve[]> all = curves(tallies, AreaRange.ALL, MOST);
    List<PrecisionRecallCurve[]> small = curves(tallies, AreaRange.SMALL, MOST);
    List<PrecisionRecallCurve[]> medium = curves(tallies, AreaRange.MEDIUM, MOST);
    List<PrecisionRecallCurve[]> large = curves(tallies, AreaRange.LARGE, MOST);
    double[] stats = {
      precision(all, 0, CocoParams.IOU.length),
      precision(all, CocoParams.IOU_50, CocoParams.IOU_50 + 1),
      precision(all, CocoParams.IOU_75, CocoParams.IOU_75 + 1),
      precision(small, 0, CocoParams.IOU.length),
      precision(medium, 0, CocoParams.IOU.length),
      precision(large, 0, CocoParams.IOU.length),
      recall(curves(tallies, AreaRange.ALL, CocoParams.DETECTIONS[0])),
      recall(curves(tallies, AreaRange.ALL, CocoParams.DETECTIONS[1])),
      recall(all),
      recall(small),
      recall(medium),
      recall(large)
    };
    List<CategoryScore> categories = new ArrayList<>();
    for (Map.Entry<Integer, CategoryAccumulator> entry : tallies.entrySet()) {
      PrecisionRecallCurve[] curves = entry.getValue().curves(AreaRange.ALL, MOST);
      double ap = Double.NaN;
      double ap50 = Double.NaN;
      if (curves != null) {
        ap = precision(List.<PrecisionRecallCurve[]>of(curves), 0, curves.length);
        ap50 = curves[CocoParams.IOU_50].averagePrecision();
      }
      categories.add(new CategoryScore(entry.getKey(), entry.getValue().truths(), ap, ap50));
    }
    return new CocoStatistics(stats, List.copyOf(categories));
  }

  private static List<PrecisionRecallCurve[]> curves(
      SortedMap<Integer, CategoryAccumulator> tallies, AreaRange range, int detections) {
    return tallies.values().stream()
        .map(t -> t.curves(range, detections))
        .filter(c -> c != null)
        .toList();
  }

  private static double precision(List<PrecisionRecallCurve[]> categories, int from, int to) {
    return categories.stream()
        .flatMap(curves -> Arrays.stream(curves, from, to))
        .mapToDouble(PrecisionRecallCurve::averagePrecision)
        .average()
        .orElse(-1);
  }

  private static double recall(List<PrecisionRecallCurve[]> categories) {
    return categories.stream()
        .flatMap(Arrays::stream)
        .mapToDouble(PrecisionRecallCurve::recall)
        .average()
        .orElse(-1);
  }
}

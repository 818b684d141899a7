package dev.selvage.eval;

import dev.selvage.eval.CocoStatistics.CategoryScore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Averages over the categories: COCO's summarize. Categories without true objects take no part. */
final class CocoSummary {
  private static final int MOST = CocoParams.DETECTIONS[2];

  private CocoSummary() {}

  static CocoStatistics of(List<CategoryAccumulator> classes) {
    // sums of floating point numbers depend on the order
    List<CategoryAccumulator> accumulators =
        classes.stream().sorted(Comparator.comparingInt(a -> a.category().id())).toList();
    List<PrecisionRecallCurve[]> all = curves(accumulators, AreaRange.ALL, MOST);
    List<PrecisionRecallCurve[]> small = curves(accumulators, AreaRange.SMALL, MOST);
    List<PrecisionRecallCurve[]> medium = curves(accumulators, AreaRange.MEDIUM, MOST);
    List<PrecisionRecallCurve[]> large = curves(accumulators, AreaRange.LARGE, MOST);
    double[] stats = {
      precision(all, 0, CocoParams.IOU.length),
      precision(all, CocoParams.IOU_50, CocoParams.IOU_50 + 1),
      precision(all, CocoParams.IOU_75, CocoParams.IOU_75 + 1),
      precision(small, 0, CocoParams.IOU.length),
      precision(medium, 0, CocoParams.IOU.length),
      precision(large, 0, CocoParams.IOU.length),
      recall(curves(accumulators, AreaRange.ALL, CocoParams.DETECTIONS[0])),
      recall(curves(accumulators, AreaRange.ALL, CocoParams.DETECTIONS[1])),
      recall(all),
      recall(small),
      recall(medium),
      recall(large)
    };
    List<CategoryScore> categories = new ArrayList<>();
    for (CategoryAccumulator accumulator : accumulators) {
      PrecisionRecallCurve[] curves = accumulator.curves(AreaRange.ALL, MOST);
      double ap = Double.NaN;
      double ap50 = Double.NaN;
      if (curves != null) {
        ap = precision(List.<PrecisionRecallCurve[]>of(curves), 0, curves.length);
        ap50 = curves[CocoParams.IOU_50].averagePrecision();
      }
      categories.add(new CategoryScore(accumulator.category(), accumulator.truths(), ap, ap50));
    }
    return new CocoStatistics(stats, List.copyOf(categories));
  }

  private static List<PrecisionRecallCurve[]> curves(
      List<CategoryAccumulator> accumulators, AreaRange range, int detections) {
    return accumulators.stream()
        .map(a -> a.curves(range, detections))
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

package dev.selvage.eval.fashionpedia;

import dev.selvage.data.Category;
import dev.selvage.data.Instance;
import dev.selvage.eval.AreaRange;
import dev.selvage.eval.CocoParams;
import dev.selvage.eval.IouType;
import dev.selvage.eval.PrecisionRecallCurve;
import dev.selvage.eval.fashionpedia.FashionpediaCategories.Group;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * COCO's AP and AR where a match needs an IoU and an F1 of the attributes (Jia et al. 2020,
 * "Fashionpedia", as the authors' program computes it). Crowds are ordinary objects.
 */
public final class FashionpediaEval {
  private static final int MOST = CocoParams.DETECTIONS[CocoParams.DETECTIONS.length - 1];

  /** Which thresholds a result uses. */
  public enum Thresholds {
    IOU_F1("iou_f1", "IoU and attributes", true, true),
    IOU("iou", "IoU alone", true, false),
    F1("f1", "attributes alone", false, true);

    private final String key;
    private final String meaning;
    private final boolean iou;
    private final boolean f1;

    Thresholds(String key, String meaning, boolean iou, boolean f1) {
      this.key = key;
      this.meaning = meaning;
      this.iou = iou;
      this.f1 = f1;
    }

    /** Its name in the results. */
    public String key() {
      return key;
    }

    String meaning() {
      return meaning;
    }
  }

  private final List<Category> categories;

  /** By class, ascending by the ids of the categories. */
  private final Map<Integer, AttributeAccumulator> classes = new TreeMap<>();

  /**
   * Begins an evaluation.
   *
   * @param categories some of Fashionpedia's, in class order
   */
  public FashionpediaEval(List<Category> categories, IouType kind) {
    this.categories = categories;
    for (int c = 1; c <= categories.size(); c++) {
      classes.put(c, new AttributeAccumulator(categories.get(c - 1).id(), kind));
    }
  }

  /** Adds one photo; photos come in ascending order of their ids. */
  public void add(List<AttributedTruth> truths, List<AttributedDetection> found) {
    classes.forEach(
        (classId, accumulator) -> {
          List<AttributedTruth> ofClass =
              truths.stream()
                  .filter(t -> t.truth().classId() == classId)
                  .map(FashionpediaEval::ordinary)
                  .toList();
          List<AttributedDetection> foundOfClass =
              found.stream().filter(f -> f.detection().classId() == classId).toList();
          if (!ofClass.isEmpty() || !foundOfClass.isEmpty()) {
            accumulator.add(ofClass, foundOfClass);
          }
        });
  }

  private static AttributedTruth ordinary(AttributedTruth t) {
    Instance i = t.truth();
    return new AttributedTruth(
        new Instance(i.classId(), i.box(), i.area(), i.mask(), false), t.attributes());
  }

  /** The results by their names in the authors' program; -1 where there is nothing to measure. */
  public Map<String, Double> results(Thresholds thresholds) {
    Map<String, Double> results = new LinkedHashMap<>();
    Query all = new Query(thresholds, null, null, null, AreaRange.ALL, MOST);
    for (Group group :
        List.of(
            FashionpediaCategories.OUTERWEAR,
            FashionpediaCategories.ACCESSORIES,
            FashionpediaCategories.PARTS)) {
      if (group != FashionpediaCategories.ACCESSORIES || !thresholds.f1) {
        results.put(
            "AP" + group.key(), ap(new Query(thresholds, group, null, null, AreaRange.ALL, MOST)));
      }
    }
    results.put("AP", ap(all));
    Map<String, Integer> places =
        new TreeMap<>(Map.of("50", CocoParams.IOU_50, "75", CocoParams.IOU_75));
    if (thresholds.iou) {
      places.forEach((name, place) -> results.put("AP_IOU" + name, ap(all.at(place, null))));
    }
    if (thresholds.f1) {
      places.forEach((name, place) -> results.put("AP_F1" + name, ap(all.at(null, place))));
    }
    if (thresholds.iou && thresholds.f1) {
      places.forEach(
          (iouName, iou) ->
              places.forEach(
                  (f1Name, f1) ->
                      results.put("AP_IOU" + iouName + "_F1" + f1Name, ap(all.at(iou, f1)))));
    }
    Map<String, AreaRange> sizes = new LinkedHashMap<>();
    sizes.put("s", AreaRange.SMALL);
    sizes.put("m", AreaRange.MEDIUM);
    sizes.put("l", AreaRange.LARGE);
    sizes.forEach((name, range) -> results.put("AP" + name, ap(all.in(range))));
    for (int most : CocoParams.DETECTIONS) {
      results.put("AR@" + most, ar(new Query(thresholds, null, null, null, AreaRange.ALL, most)));
    }
    sizes.forEach((name, range) -> results.put("AR" + name + "@" + MOST, ar(all.in(range))));
    return results;
  }

  /**
   * What a result averages over.
   *
   * @param group null for all categories
   * @param iou place of one IoU threshold; null for the mean over all
   * @param f1 the same for F1
   */
  private record Query(
      Thresholds thresholds,
      Group group,
      Integer iou,
      Integer f1,
      AreaRange range,
      int detections) {
    Query at(Integer iouPlace, Integer f1Place) {
      return new Query(thresholds, group, iouPlace, f1Place, range, detections);
    }

    Query in(AreaRange other) {
      return new Query(thresholds, group, iou, f1, other, detections);
    }

    int[] ious() {
      if (!thresholds.iou) {
        return new int[] {AttributeAccumulator.NONE};
      }
      return iou != null
          ? new int[] {iou}
          : IntStream.range(0, AttributeAccumulator.NONE).toArray();
    }

    int[] f1s(AttributeAccumulator category) {
      if (!thresholds.f1) {
        return new int[] {AttributeAccumulator.NONE};
      }
      return f1 != null
          ? new int[] {category.attributeThreshold(f1)}
          : category.attributeThresholds().toArray();
    }
  }

  private double ap(Query query) {
    return mean(query, PrecisionRecallCurve::averagePrecision);
  }

  private double ar(Query query) {
    return mean(query, PrecisionRecallCurve::recall);
  }

  /** Over categories and thresholds; a category with attributes counts once for each threshold. */
  private double mean(Query query, ToDoubleFunction<PrecisionRecallCurve> value) {
    List<PrecisionRecallCurve> curves = new ArrayList<>();
    classes.forEach(
        (classId, category) -> {
          if (query.group == null || query.group.contains(categories.get(classId - 1).id())) {
            for (int iou : query.ious()) {
              for (int f1 : query.f1s(category)) {
                curves.add(category.curve(query.range, query.detections, iou, f1));
              }
            }
          }
        });
    return curves.stream().filter(Objects::nonNull).mapToDouble(value).average().orElse(-1);
  }
}

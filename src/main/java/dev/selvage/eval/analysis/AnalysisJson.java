package dev.selvage.eval.analysis;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.eval.Boundary;
import dev.selvage.eval.CocoScores;
import dev.selvage.eval.CocoStatistics;
import dev.selvage.eval.EvalTable;
import dev.selvage.eval.IouType;
import dev.selvage.eval.analysis.ScoreCurve.Point;
import dev.selvage.eval.tide.ErrorType;
import dev.selvage.eval.tide.Tide;
import dev.selvage.eval.tide.TideErrors;
import java.util.List;
import java.util.Map;

/** An analysis for programs. */
public final class AnalysisJson {
  /** Scores at which the curves are given. */
  private static final int STEPS = 100;

  private AnalysisJson() {}

  /**
   * Adds the measures to COCO's statistics.
   *
   * @param root what {@link EvalTable#json} gave
   */
  public static void add(ObjectNode root, Analysis analysis, CocoScores scores) {
    boolean masks = analysis.matching().hasMasks();
    ObjectNode tide = root.putObject("tide");
    tide(tide.putObject("bbox"), analysis.tide(IouType.BOX), analysis);
    if (masks) {
      tide(tide.putObject("segm"), analysis.tide(IouType.MASK), analysis);
      ObjectNode boundary = root.putObject("boundary");
      boundary.put("dilation_ratio", Boundary.DILATION_RATIO);
      EvalTable.add(boundary, analysis.boundary());
      put(root, "kaggle2019", analysis.kaggle());
    }
    confusion(root.putObject("confusion"), analysis);
    curves(root.putObject("curves"), analysis);
    ObjectNode slices = root.putObject("ap_by");
    sizes(slices.putObject("object_size"), masks ? scores.segm() : scores.bbox());
    slices(slices.putArray("objects_per_photo"), analysis.byObjects(), "photos");
    slices(slices.putArray("class_frequency"), analysis.byFrequency(scores), "classes");
    calibration(root.putObject("calibration"), analysis.calibration());
  }

  private static void tide(ObjectNode node, Tide tide, Analysis analysis) {
    TideErrors errors = tide.errors();
    if (errors == null) {
      return; // there is nothing to judge
    }
    add(node, errors);
    ObjectNode counts = node.putObject("counts");
    for (ErrorType type : ErrorType.values()) {
      counts.put(type.key(), tide.count(type));
    }
    ObjectNode classes = node.putObject("per_category");
    tide.perClass().forEach((classId, one) -> add(classes.putObject(id(analysis, classId)), one));
  }

  private static void add(ObjectNode node, TideErrors errors) {
    node.put("ap50_percent", errors.ap50());
    ObjectNode main = node.putObject("main");
    errors.main().forEach((type, cost) -> main.put(type.key(), cost));
    ObjectNode special = node.putObject("special");
    special.put("FalsePos", errors.falsePositives());
    special.put("FalseNeg", errors.falseNegatives());
  }

  /** {iou, score, classes: ids, null for background, counts: rows of truth, columns of found}. */
  private static void confusion(ObjectNode node, Analysis analysis) {
    Confusion confusion = analysis.confusion();
    node.put("iou", confusion.iou());
    node.put("score", confusion.score());
    ArrayNode classes = node.putArray("categories");
    analysis.categories().forEach(category -> classes.add(category.id()));
    classes.addNull();
    ArrayNode rows = node.putArray("counts");
    int count = analysis.categories().size();
    for (int row = 1; row <= count + 1; row++) {
      ArrayNode cells = rows.addArray();
      for (int column = 1; column <= count + 1; column++) {
        cells.add(confusion.count(row % (count + 1), column % (count + 1)));
      }
    }
  }

  private static void curves(ObjectNode node, Analysis analysis) {
    ArrayNode scores = node.putArray("scores");
    for (int i = 0; i < STEPS; i++) {
      scores.add((double) i / STEPS);
    }
    Map<Integer, ScoreCurve> curves = analysis.curves();
    curve(node.putObject("all"), curves.get(ScoreCurve.ALL));
    ObjectNode classes = node.putObject("per_category");
    curves.forEach(
        (classId, curve) -> {
          if (classId != ScoreCurve.ALL && (curve.truths() > 0 || !curve.points().isEmpty())) {
            curve(classes.putObject(id(analysis, classId)), curve);
          }
        });
  }

  private static void curve(ObjectNode node, ScoreCurve curve) {
    node.put("objects", curve.truths());
    ObjectNode best = node.putObject("best");
    put(best, "score", curve.best() == null ? Double.NaN : curve.best().score());
    put(best, "precision", curve.best() == null ? Double.NaN : curve.best().precision());
    put(best, "recall", curve.best() == null ? Double.NaN : curve.best().recall());
    put(best, "f1", curve.best() == null ? Double.NaN : curve.best().f1());
    ArrayNode precision = node.putArray("precision");
    ArrayNode recall = node.putArray("recall");
    ArrayNode f1 = node.putArray("f1");
    for (int i = 0; i < STEPS; i++) {
      Point point = curve.at((double) i / STEPS);
      add(precision, point == null ? Double.NaN : point.precision());
      add(recall, point != null ? point.recall() : curve.truths() > 0 ? 0 : Double.NaN);
      add(f1, point != null ? point.f1() : curve.truths() > 0 ? 0 : Double.NaN);
    }
  }

  private static void sizes(ObjectNode node, CocoStatistics statistics) {
    node.put("small", statistics.stats()[3]);
    node.put("medium", statistics.stats()[4]);
    node.put("large", statistics.stats()[5]);
  }

  private static void slices(ArrayNode node, List<ApSlice> slices, String unit) {
    for (ApSlice slice : slices) {
      ObjectNode one = node.addObject();
      one.put("from", slice.from());
      one.put("to", slice.to() < 0 ? null : slice.to());
      one.put(unit, slice.size());
      one.put("ap", slice.ap());
      one.put("ap50", slice.ap50());
    }
  }

  private static void calibration(ObjectNode node, Calibration calibration) {
    put(node, "expected_calibration_error", calibration.error());
    ArrayNode bins = node.putArray("bins");
    for (Calibration.Bin bin : calibration.bins()) {
      ObjectNode one = bins.addObject();
      one.put("from", bin.from());
      one.put("to", bin.to());
      one.put("count", bin.count());
      put(one, "mean_score", bin.meanScore());
      put(one, "precision", bin.precision());
    }
  }

  private static String id(Analysis analysis, int classId) {
    return String.valueOf(analysis.categories().get(classId - 1).id());
  }

  private static void put(ObjectNode node, String field, double value) {
    node.put(field, Double.isNaN(value) ? null : value);
  }

  private static void add(ArrayNode node, double value) {
    node.add(Double.isNaN(value) ? null : value);
  }
}

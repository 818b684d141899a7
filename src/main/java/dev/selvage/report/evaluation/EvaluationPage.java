package dev.selvage.report.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.data.Category;
import dev.selvage.eval.CocoScores;
import dev.selvage.eval.CocoStatistics.CategoryScore;
import dev.selvage.eval.EvalTable;
import dev.selvage.eval.IouType;
import dev.selvage.eval.analysis.Analysis;
import dev.selvage.eval.analysis.ApSlice;
import dev.selvage.eval.analysis.Calibration;
import dev.selvage.eval.analysis.ScoreCurve;
import dev.selvage.eval.analysis.ScoreCurve.Point;
import dev.selvage.eval.tide.ErrorType;
import dev.selvage.eval.tide.TideErrors;
import dev.selvage.report.HtmlPage;
import dev.selvage.util.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An evaluation as one page, with its pictures next to it. The page holds the numbers as JSON; its
 * own script makes tables and drawings of them, and sets names as text only.
 */
public final class EvaluationPage {
  /** The name of the page. */
  public static final String FILE = "report.html";

  /** The folder of the pictures, next to the page. */
  public static final String PHOTOS = "photos";

  private static final int MOST_POINTS = 150;

  private EvaluationPage() {}

  /**
   * Writes the page and its pictures.
   *
   * @param folder that exists, with {@link #PHOTOS} in it
   * @param title what was evaluated
   * @throws dev.selvage.util.UserError a file cannot be written
   */
  public static void write(
      Path folder, String title, Analysis analysis, CocoScores scores, PhotoSource source) {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    tiles(data.putArray("tiles"), analysis, scores);
    ArrayNode names = data.putArray("names").add("background");
    analysis.categories().forEach(category -> names.add(Printable.line(category.name())));
    data.put("hasMasks", analysis.matching().hasMasks());
    data.put("iou", ExamplePhotos.round(analysis.matching().iou()));
    data.put("score", ExamplePhotos.round(analysis.matching().score()));
    Map<Integer, ScoreCurve> curves = analysis.curves();
    classes(data.putArray("classes"), analysis, scores, curves);
    errors(data.putObject("errors"), analysis);
    curves(data.putObject("curves"), curves);
    slices(data.putArray("slices"), analysis, scores);
    calibration(data.putArray("calibration"), analysis.calibration());
    ExamplePhotos examples = new ExamplePhotos(analysis.photos());
    new ExampleGroups(analysis, examples).addTo(data);
    data.set("photos", examples.write(folder, source));
    page(title, data).write(folder.resolve(FILE));
  }

  private static HtmlPage page(String title, ObjectNode data) {
    return new HtmlPage(title)
        .add("<style>" + HtmlPage.resource(EvaluationPage.class, "evaluation.css") + "</style>")
        .add("<noscript><p>This page needs JavaScript.</p></noscript><div id='report'></div>")
        .add("<script type='application/json' id='data'>" + inScript(data) + "</script>")
        .add("<script>" + HtmlPage.resource(EvaluationPage.class, "evaluation.js") + "</script>");
  }

  /** JSON in which no text can end the script element. */
  private static String inScript(ObjectNode data) {
    try {
      return new ObjectMapper().writeValueAsString(data).replace("<", "\\u003c");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void tiles(ArrayNode list, Analysis analysis, CocoScores scores) {
    if (scores.segm() != null) {
      tile(list, scores.segm().ap(), "mask AP");
      tile(list, scores.segm().ap50(), "mask AP50");
    }
    tile(list, scores.bbox().ap(), "box AP");
    if (analysis.matching().hasMasks()) {
      tile(list, analysis.boundary().ap(), "boundary AP");
      tile(list, analysis.kaggle(), "Kaggle 2019");
    }
    Point best = analysis.curves().get(ScoreCurve.ALL).best();
    tile(list, best == null ? Double.NaN : best.f1(), "best F1");
    tile(list, analysis.calibration().error(), "calibration error");
    list.addObject().put("value", String.valueOf(analysis.photos().size())).put("name", "photos");
    int objects = analysis.curves().get(ScoreCurve.ALL).truths();
    list.addObject().put("value", String.valueOf(objects)).put("name", "objects");
  }

  private static void tile(ArrayNode list, double value, String name) {
    list.addObject().put("value", EvalTable.number(value)).put("name", name);
  }

  private static void classes(
      ArrayNode list, Analysis analysis, CocoScores scores, Map<Integer, ScoreCurve> curves) {
    for (int c = 1; c <= analysis.categories().size(); c++) {
      Category category = analysis.categories().get(c - 1);
      ScoreCurve curve = curves.get(c);
      if (curve.truths() == 0 && curve.points().isEmpty()) {
        continue;
      }
      ObjectNode node = list.addObject().put("class", c).put("objects", curve.truths());
      put(node, "boxAp", of(scores.bbox().categories(), category).ap());
      if (scores.segm() != null) {
        CategoryScore mask = of(scores.segm().categories(), category);
        put(node, "ap", mask.ap());
        put(node, "ap50", mask.ap50());
      } else {
        put(node, "ap50", of(scores.bbox().categories(), category).ap50());
      }
      if (curve.best() != null) {
        put(node, "f1", curve.best().f1());
        put(node, "score", curve.best().score());
        put(node, "precision", curve.best().precision());
        put(node, "recall", curve.best().recall());
      }
    }
  }

  private static CategoryScore of(List<CategoryScore> scores, Category category) {
    return scores.stream()
        .filter(s -> s.category().id() == category.id())
        .findFirst()
        .orElseThrow();
  }

  private static void errors(ObjectNode node, Analysis analysis) {
    for (IouType kind : List.of(IouType.MASK, IouType.BOX)) {
      if (kind == IouType.MASK && !analysis.matching().hasMasks()) {
        continue;
      }
      TideErrors errors = analysis.tide(kind).errors();
      if (errors == null) {
        continue;
      }
      ObjectNode one = node.putObject(kind == IouType.MASK ? "masks" : "boxes");
      ArrayNode types = one.putArray("types");
      for (ErrorType type : ErrorType.values()) {
        types
            .addObject()
            .put("key", type.key())
            .put("meaning", type.meaning())
            .put("count", analysis.tide(kind).count(type));
      }
      ObjectNode costs = one.putObject("costs");
      costs(costs.putObject(String.valueOf(ScoreCurve.ALL)), errors);
      analysis
          .tide(kind)
          .perClass()
          .forEach((c, ofClass) -> costs(costs.putObject(String.valueOf(c)), ofClass));
    }
  }

  private static void costs(ObjectNode node, TideErrors errors) {
    ArrayNode main = node.putArray("main");
    errors.main().values().forEach(cost -> main.add(ExamplePhotos.round(cost)));
    node.put("ap50", ExamplePhotos.round(errors.ap50()));
    node.put("falsePositives", ExamplePhotos.round(errors.falsePositives()));
    node.put("falseNegatives", ExamplePhotos.round(errors.falseNegatives()));
  }

  private static void curves(ObjectNode node, Map<Integer, ScoreCurve> curves) {
    curves.forEach(
        (c, curve) -> {
          if (curve.truths() > 0 && !curve.points().isEmpty()) {
            ArrayNode list = node.putArray(String.valueOf(c));
            for (Point point : thinned(curve.points())) {
              list.addArray()
                  .add(ExamplePhotos.round(point.score()))
                  .add(ExamplePhotos.round(point.precision()))
                  .add(ExamplePhotos.round(point.recall()))
                  .add(ExamplePhotos.round(point.f1()));
            }
          }
        });
  }

  private static List<Point> thinned(List<Point> points) {
    if (points.size() <= MOST_POINTS) {
      return points;
    }
    List<Point> some = new ArrayList<>();
    for (int i = 0; i < MOST_POINTS; i++) {
      some.add(points.get((int) ((long) i * (points.size() - 1) / (MOST_POINTS - 1))));
    }
    return some;
  }

  private static void slices(ArrayNode list, Analysis analysis, CocoScores scores) {
    double[] stats = (scores.segm() == null ? scores.bbox() : scores.segm()).stats();
    ArrayNode sizes = list.addObject().put("title", "object size").putArray("rows");
    String[] names = {"small, below 32²", "medium", "large, above 96²"};
    for (int i = 0; i < names.length; i++) {
      put(sizes.addObject().put("name", names[i]), "ap", stats[3 + i]);
    }
    slice(list.addObject().put("title", "objects in the photo"), analysis.byObjects(), "photos");
    slice(
        list.addObject().put("title", "objects of the class"),
        analysis.byFrequency(scores),
        "classes");
  }

  private static void slice(ObjectNode node, List<ApSlice> slices, String unit) {
    ArrayNode rows = node.put("unit", unit).putArray("rows");
    for (ApSlice slice : slices) {
      ObjectNode row = rows.addObject().put("name", slice.name()).put("size", slice.size());
      put(row, "ap", slice.ap());
      put(row, "ap50", slice.ap50());
    }
  }

  private static void calibration(ArrayNode list, Calibration calibration) {
    for (Calibration.Bin bin : calibration.bins()) {
      ObjectNode node =
          list.addObject().put("from", bin.from()).put("to", bin.to()).put("count", bin.count());
      put(node, "score", bin.meanScore());
      put(node, "precision", bin.precision());
    }
  }

  /** Leaves out what does not exist: NaN, or COCO's -1. */
  private static void put(ObjectNode node, String field, double value) {
    if (!Double.isNaN(value) && value != -1) {
      node.put(field, ExamplePhotos.round(value));
    }
  }
}

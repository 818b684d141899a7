package dev.selvage.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.data.Category;
import dev.selvage.eval.CocoStatistics.CategoryScore;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvalTableTest {
  private static final Category HOOD = new Category(3, "hood", "");
  private static final Category BOW = new Category(8, "bow", "");
  private static final CocoScores SCORES =
      new CocoScores(
          new CocoStatistics(
              new double[] {.1, .2, .3, -1, .5, .6, .7, .8, .9, -1, .11, .12},
              List.of(
                  new CategoryScore(HOOD, 12, .25, .5),
                  new CategoryScore(BOW, 0, Double.NaN, Double.NaN))),
          new CocoStatistics(
              new double[] {.01, .02, .03, -1, .05, .06, .07, .08, .09, -1, .011, .012},
              List.of(
                  new CategoryScore(HOOD, 12, .125, .375),
                  new CategoryScore(BOW, 0, Double.NaN, Double.NaN))));

  @Test
  void labelsTheStatisticsLikeCoco() {
    List<String> lines = EvalTable.statistics(SCORES).lines().toList();
    assertEquals(13, lines.size());
    assertEquals(
        "Average Precision  (AP) @[ IoU=0.50      | area=   all | maxDets=100 ]   0.200   0.020",
        lines.get(2));
    assertEquals(
        "Average Precision  (AP) @[ IoU=0.50:0.95 | area= small | maxDets=100 ]       -       -",
        lines.get(4));
    assertEquals(
        "Average Recall     (AR) @[ IoU=0.50:0.95 | area= large | maxDets=100 ]   0.120   0.012",
        lines.get(12));
  }

  @Test
  void listsClassesWithTruths() {
    List<String> lines = EvalTable.perClass(SCORES).lines().toList();
    assertEquals("hood        12    0.250    0.500    0.125    0.375", lines.get(1));
    assertEquals("1 class has no objects here", lines.get(2));
    assertEquals(lines.get(0).length(), lines.get(1).length());
  }

  @Test
  void jsonHasTheStatisticsAndNullWithoutTruths() {
    JsonNode json = EvalTable.json(SCORES);
    assertEquals(12, json.get("bbox").get("stats").size());
    assertEquals(.02, json.get("segm").get("stats").get(1).asDouble());
    assertEquals(.125, json.get("segm").get("per_category_ap").get("3").asDouble());
    assertTrue(json.get("bbox").get("per_category_ap").get("8").isNull());
  }
}

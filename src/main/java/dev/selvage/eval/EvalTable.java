package dev.selvage.eval;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.eval.CocoStatistics.CategoryScore;
import dev.selvage.util.Printable;
import java.util.List;
import java.util.Locale;

/** COCO's statistics for people and for programs. */
public final class EvalTable {
  private static final String[] LABELS = {
    "Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ]",
    "Average Precision  (AP) @[ IoU=0.50      | area=   all | maxDets=100 ]",
    "Average Precision  (AP) @[ IoU=0.75      | area=   all | maxDets=100 ]",
    "Average Precision  (AP) @[ IoU=0.50:0.95 | area= small | maxDets=100 ]",
    "Average Precision  (AP) @[ IoU=0.50:0.95 | area=medium | maxDets=100 ]",
    "Average Precision  (AP) @[ IoU=0.50:0.95 | area= large | maxDets=100 ]",
    "Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=  1 ]",
    "Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets= 10 ]",
    "Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ]",
    "Average Recall     (AR) @[ IoU=0.50:0.95 | area= small | maxDets=100 ]",
    "Average Recall     (AR) @[ IoU=0.50:0.95 | area=medium | maxDets=100 ]",
    "Average Recall     (AR) @[ IoU=0.50:0.95 | area= large | maxDets=100 ]",
  };

  private static final int LONGEST_NAME = 40;

  private EvalTable() {}

  /**
   * The 24 statistics with COCO's labels, boxes and masks in two columns, or those of boxes in one;
   * "-" where there is no true object to measure on.
   */
  public static String statistics(CocoScores scores) {
    StringBuilder out = new StringBuilder();
    boolean masks = scores.segm() != null;
    out.append(row("%-70s %7s %7s", "", "box", masks ? "mask" : ""));
    for (int i = 0; i < LABELS.length; i++) {
      String box = number(scores.bbox().stats()[i]);
      String mask = masks ? number(scores.segm().stats()[i]) : "";
      out.append(row("%-70s %7s %7s", LABELS[i], box, mask));
    }
    return out.toString();
  }

  /**
   * One row for each category that has true objects, in the order of their ids, and a last line
   * that says how many have none.
   */
  public static String perClass(CocoScores scores) {
    List<String> names =
        scores.bbox().categories().stream().map(c -> shorten(c.category().name())).toList();
    int width = names.stream().mapToInt(String::length).max().orElse(0);
    String format = "%-" + Math.max(width, "class".length()) + "s %8s %8s %8s %8s %8s";
    StringBuilder out = new StringBuilder();
    boolean masks = scores.segm() != null;
    out.append(
        row(
            format,
            "class",
            "objects",
            "box AP",
            "AP50",
            masks ? "mask AP" : "",
            masks ? "AP50" : ""));
    int without = 0;
    for (int i = 0; i < scores.bbox().categories().size(); i++) {
      CategoryScore box = scores.bbox().categories().get(i);
      CategoryScore mask = masks ? scores.segm().categories().get(i) : null;
      if (box.truths() == 0) {
        without++;
      } else {
        out.append(
            row(
                format,
                names.get(i),
                box.truths(),
                number(box.ap()),
                number(box.ap50()),
                masks ? number(mask.ap()) : "",
                masks ? number(mask.ap50()) : ""));
      }
    }
    if (without > 0) {
      out.append(
          row(
              "%s",
              without + (without == 1 ? " class has" : " classes have") + " no objects here"));
    }
    return out.toString();
  }

  /** {bbox: {stats: [12], per_category_ap: {id: AP or null}}, segm: the same, if it is there}. */
  public static ObjectNode json(CocoScores scores) {
    ObjectNode root = new ObjectMapper().createObjectNode();
    add(root.putObject("bbox"), scores.bbox());
    if (scores.segm() != null) {
      add(root.putObject("segm"), scores.segm());
    }
    return root;
  }

  /** Adds {stats: [12], per_category_ap: {id: AP or null}}. */
  public static void add(ObjectNode node, CocoStatistics statistics) {
    for (double value : statistics.stats()) {
      node.withArray("stats").add(value);
    }
    ObjectNode categories = node.putObject("per_category_ap");
    for (CategoryScore score : statistics.categories()) {
      categories.put(
          String.valueOf(score.category().id()), Double.isNaN(score.ap()) ? null : score.ap());
    }
  }

  /** Three decimals; "-" where there is nothing to measure. */
  public static String number(double value) {
    return Double.isNaN(value) || value < 0 ? "-" : String.format(Locale.ROOT, "%.3f", value);
  }

  /** A category's name on one line, shortened where it is long. */
  public static String shorten(String foreign) {
    String name = Printable.line(foreign);
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 3) + "...";
  }

  private static String row(String format, Object... values) {
    return String.format(Locale.ROOT, format, values).stripTrailing() + "\n";
  }
}

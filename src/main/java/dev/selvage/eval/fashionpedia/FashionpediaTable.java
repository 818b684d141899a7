package dev.selvage.eval.fashionpedia;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.eval.EvalTable;
import dev.selvage.eval.fashionpedia.FashionpediaEval.Thresholds;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** AP with attributes for people and for programs. */
public final class FashionpediaTable {
  private static final List<String> COLUMNS = List.of("AP", "APs", "APm", "APl", "AR@100");

  private FashionpediaTable() {}

  /** {iou_f1: results by name, iou: the same, f1: the same}. */
  public static ObjectNode json(FashionpediaEval eval) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    for (Thresholds thresholds : Thresholds.values()) {
      ObjectNode node = root.putObject(thresholds.key());
      eval.results(thresholds).forEach(node::put);
    }
    return root;
  }

  /** One row for each choice of thresholds, by boxes and then by masks. */
  public static String text(FashionpediaEval boxes, FashionpediaEval masks) {
    StringBuilder out = new StringBuilder(String.format(Locale.ROOT, "%-34s", "with attributes"));
    COLUMNS.forEach(column -> out.append(String.format(Locale.ROOT, "%8s", column)));
    out.append('\n');
    for (Thresholds thresholds : Thresholds.values()) {
      row(out, "boxes, " + thresholds.meaning(), boxes.results(thresholds));
    }
    for (Thresholds thresholds : Thresholds.values()) {
      row(out, "masks, " + thresholds.meaning(), masks.results(thresholds));
    }
    return out.toString();
  }

  private static void row(StringBuilder out, String name, Map<String, Double> results) {
    out.append(String.format(Locale.ROOT, "%-34s", name));
    for (String column : COLUMNS) {
      out.append(String.format(Locale.ROOT, "%8s", EvalTable.number(results.get(column))));
    }
    out.append('\n');
  }
}

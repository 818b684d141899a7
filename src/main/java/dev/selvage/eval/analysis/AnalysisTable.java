package dev.selvage.eval.analysis;

import dev.selvage.data.Category;
import dev.selvage.eval.CocoScores;
import dev.selvage.eval.CocoStatistics;
import dev.selvage.eval.EvalTable;
import dev.selvage.eval.IouType;
import dev.selvage.eval.tide.ErrorType;
import dev.selvage.eval.tide.TideErrors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** An analysis for people, in a few lines. */
public final class AnalysisTable {
  private static final int MOST_CONFUSED = 5;

  private AnalysisTable() {}

  /** All of it, with an empty line between the parts. */
  public static String of(Analysis analysis, CocoScores scores) {
    StringBuilder out = new StringBuilder();
    errors(out, analysis);
    if (analysis.matching().hasMasks()) {
      CocoStatistics boundary = analysis.boundary();
      row(
          out,
          "Boundary AP %s, AP50 %s, AP75 %s",
          EvalTable.number(boundary.stats()[0]),
          EvalTable.number(boundary.stats()[1]),
          EvalTable.number(boundary.stats()[2]));
      row(out, "Kaggle's measure of 2019 %s", EvalTable.number(analysis.kaggle()));
    }
    ScoreCurve all = analysis.curves().get(ScoreCurve.ALL);
    if (all.best() != null) {
      row(
          out,
          "Best F1 of all classes together %.3f, at scores of %.3f or more (precision %.3f, recall %.3f)",
          all.best().f1(),
          all.best().score(),
          all.best().precision(),
          all.best().recall());
    }
    row(
        out,
        "Expected calibration error of the scores %s",
        EvalTable.number(analysis.calibration().error()));
    slices(out, "AP by objects in the photo", analysis.byObjects());
    slices(out, "AP by objects of the class", analysis.byFrequency(scores));
    confused(out, analysis);
    return out.toString();
  }

  private static void errors(StringBuilder out, Analysis analysis) {
    List<IouType> kinds =
        analysis.matching().hasMasks() ? List.of(IouType.BOX, IouType.MASK) : List.of(IouType.BOX);
    StringBuilder head = new StringBuilder(String.format(Locale.ROOT, "%-22s%7s", "", "AP50"));
    for (ErrorType type : ErrorType.values()) {
      head.append(String.format(Locale.ROOT, "%7s", type.key()));
    }
    row(out, "%s%10s%10s", head, "FalsePos", "FalseNeg");
    for (IouType kind : kinds) {
      TideErrors errors = analysis.tide(kind).errors();
      if (errors != null) {
        String name = kind == IouType.BOX ? "points lost, by boxes" : "points lost, by masks";
        StringBuilder line =
            new StringBuilder(String.format(Locale.ROOT, "%-22s%7.2f", name, errors.ap50()));
        errors
            .main()
            .values()
            .forEach(cost -> line.append(String.format(Locale.ROOT, "%7.2f", cost)));
        row(out, "%s%10.2f%10.2f", line, errors.falsePositives(), errors.falseNegatives());
      }
    }
    out.append('\n');
  }

  private static void slices(StringBuilder out, String title, List<ApSlice> slices) {
    List<String> texts = new ArrayList<>();
    for (ApSlice slice : slices) {
      if (slice.ap() >= 0) {
        texts.add(slice.name() + ": " + EvalTable.number(slice.ap()));
      }
    }
    if (!texts.isEmpty()) {
      row(out, "%s: %s", title, String.join("; ", texts));
    }
  }

  private static void confused(StringBuilder out, Analysis analysis) {
    Confusion confusion = analysis.confusion();
    List<String> mixes =
        confusion.filled().stream()
            .filter(cell -> !cell.isRight())
            .filter(cell -> cell.truth() != Confusion.BACKGROUND)
            .filter(cell -> cell.find() != Confusion.BACKGROUND)
            .sorted(
                Comparator.comparingInt((Confusion.Cell cell) -> cell.entries().size()).reversed())
            .limit(MOST_CONFUSED)
            .map(
                cell ->
                    name(analysis, cell.truth())
                        + " found as "
                        + name(analysis, cell.find())
                        + " "
                        + cell.entries().size())
            .toList();
    if (!mixes.isEmpty()) {
      row(
          out,
          "Most confused (IoU %.2f, scores of %.2f or more): %s",
          confusion.iou(),
          confusion.score(),
          String.join("; ", mixes));
    }
  }

  private static String name(Analysis analysis, int classId) {
    Category category = analysis.categories().get(classId - 1);
    return EvalTable.shorten(category.name());
  }

  private static void row(StringBuilder out, String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}

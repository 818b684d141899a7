package dev.selvage.report;

import dev.selvage.report.Drawing.Anchor;
import dev.selvage.report.Drawing.Stroke;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A value after each of some steps, one row a step; a step that was taken back is dashed. */
public final class StepPlot {
  /**
   * A step.
   *
   * @param value after it
   * @param kept false where it was taken back, so that the next step begins where this one did
   */
  public record Step(String name, double value, boolean kept) {}

  private static final int WIDTH = 720;
  private static final int MARGIN = 20;
  private static final int LABELS = 230;
  private static final int VALUES = 60;
  private static final int TOP = 46;
  private static final int ROW = 26;
  private static final int BOTTOM = 30;
  private static final double SMALL = 11;
  private static final double TITLE = 14;

  private static final Colour INK = new Colour(40, 40, 44);
  private static final Colour FAINT = new Colour(110, 110, 116);
  private static final Colour GRID = new Colour(226, 226, 230);
  private static final Colour LINE = new Colour(30, 100, 190);

  private StepPlot() {}

  /**
   * Writes the plot as SVG.
   *
   * @param steps at least one; the first is where the value begins
   * @throws dev.selvage.util.UserError it cannot be written
   */
  public static void write(Path target, String title, List<Step> steps) {
    int height = TOP + ROW * steps.size() + BOTTOM;
    SvgDrawing svg = new SvgDrawing(WIDTH, height);
    svg.text(MARGIN, 24, title, TITLE, Anchor.LEFT, INK);
    double least = steps.stream().mapToDouble(Step::value).min().orElseThrow();
    double most = steps.stream().mapToDouble(Step::value).max().orElseThrow();
    Axis axis = Axis.around(least, most, 5);
    int bottom = height - BOTTOM;
    for (double mark : axis.marks()) {
      double x = x(axis, mark);
      line(svg, x, TOP - 8, x, bottom, new Stroke(GRID, 1, false));
      svg.text(x, bottom + 16, axis.label(mark), SMALL, Anchor.MIDDLE, FAINT);
    }
    double fromX = x(axis, steps.get(0).value);
    double fromY = y(0);
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      double x = x(axis, step.value);
      double y = y(i);
      line(svg, fromX, fromY, x, y, new Stroke(step.kept ? LINE : FAINT, 1.6, !step.kept));
      svg.dot(x, y, 3.2, step.kept ? LINE : FAINT);
      svg.text(MARGIN, y + 4, step.name, SMALL, Anchor.LEFT, step.kept ? INK : FAINT);
      svg.text(WIDTH - MARGIN, y + 4, number(step), SMALL, Anchor.RIGHT, step.kept ? INK : FAINT);
      if (step.kept) {
        fromX = x;
        fromY = y;
      }
    }
    svg.write(target);
  }

  private static String number(Step step) {
    return String.format(Locale.ROOT, "%.4f", step.value);
  }

  private static double x(Axis axis, double value) {
    return MARGIN + LABELS + (WIDTH - 2 * MARGIN - LABELS - VALUES) * axis.place(value);
  }

  private static double y(int row) {
    return TOP + ROW * (row + 0.5);
  }

  private static void line(
      Drawing drawing, double x1, double y1, double x2, double y2, Stroke stroke) {
    drawing.curve(new double[] {x1, x2}, new double[] {y1, y2}, stroke);
  }
}

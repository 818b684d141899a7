package dev.selvage.report;

import dev.selvage.report.Drawing.Anchor;
import dev.selvage.report.Drawing.Stroke;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The curves of several runs over each other, one panel a quantity, in a grid with a legend above.
 * A run has one colour; what it is trained on is dashed, what is held out is drawn through.
 */
public final class CurvePlot {
  /**
   * A run's curves.
   *
   * @param epochs ascending
   * @param columns by name, a value for each epoch or NaN; a name with {@value #HELD} before it is
   *     drawn over the other's
   */
  public record Run(String name, int[] epochs, Map<String, double[]> columns) {}

  private static final String HELD = "val_";

  private static final int COLUMNS = 3;
  private static final int PANEL_WIDTH = 380;
  private static final int PANEL_HEIGHT = 250;
  private static final int MARGIN = 20;

  /** Of a panel, around the axes. */
  private static final int LEFT = 52;

  private static final int TOP = 30;
  private static final int RIGHT = 14;
  private static final int BOTTOM = 26;

  private static final int LEGEND_LINE = 22;
  private static final double SMALL = 11;
  private static final double TITLE = 14;

  private static final Colour INK = new Colour(40, 40, 44);
  private static final Colour FAINT = new Colour(110, 110, 116);
  private static final Colour GRID = new Colour(226, 226, 230);

  /** Dark enough for lines on white, and apart in brightness too. */
  private static final List<Colour> COLOURS =
      List.of(
          new Colour(30, 100, 190),
          new Colour(220, 95, 20),
          new Colour(40, 140, 70),
          new Colour(190, 40, 70),
          new Colour(125, 85, 180),
          new Colour(120, 80, 55),
          new Colour(20, 150, 165),
          new Colour(205, 100, 165),
          new Colour(130, 130, 20),
          new Colour(90, 95, 105));

  private final List<Run> runs;
  private final List<String> quantities;

  /**
   * A sheet of runs, with a panel for each name that any of them has.
   *
   * @param last names whose panels come last; the others keep the order of the columns
   */
  public CurvePlot(List<Run> runs, List<String> last) {
    this.runs = List.copyOf(runs);
    Set<String> names = new LinkedHashSet<>();
    for (Run run : runs) {
      run.columns()
          .forEach(
              (name, values) -> {
                if (Arrays.stream(values).anyMatch(Double::isFinite)) {
                  names.add(name.startsWith(HELD) ? name.substring(HELD.length()) : name);
                }
              });
    }
    quantities = new ArrayList<>(names);
    quantities.removeAll(last);
    last.stream().filter(names::contains).forEach(quantities::add);
  }

  /**
   * Writes the sheet as PNG or SVG, as the ending says.
   *
   * @throws dev.selvage.util.UserError it cannot be written
   */
  public void write(Path target) {
    if (target.getFileName().toString().endsWith(".svg")) {
      SvgDrawing svg = new SvgDrawing(width(), height(new SvgDrawing(1, 1)));
      draw(svg);
      svg.write(target);
      return;
    }
    int height;
    try (PngDrawing measure = new PngDrawing(1, 1)) {
      height = height(measure);
    }
    try (PngDrawing png = new PngDrawing(width(), height)) {
      draw(png);
      png.write(target);
    }
  }

  private int columns() {
    return Math.max(1, Math.min(COLUMNS, quantities.size()));
  }

  private int width() {
    return 2 * MARGIN + columns() * PANEL_WIDTH;
  }

  private int height(Drawing drawing) {
    int rows = (quantities.size() + columns() - 1) / columns();
    return 2 * MARGIN + legend(drawing, false) + rows * PANEL_HEIGHT;
  }

  private void draw(Drawing drawing) {
    int top = MARGIN + legend(drawing, true);
    for (int i = 0; i < quantities.size(); i++) {
      int x = MARGIN + i % columns() * PANEL_WIDTH;
      int y = top + i / columns() * PANEL_HEIGHT;
      panel(drawing, quantities.get(i), x, y);
    }
  }

  /** The runs' names and what the lines mean; gives its height. */
  private int legend(Drawing drawing, boolean visible) {
    double x = MARGIN;
    double y = MARGIN + SMALL;
    for (int i = 0; i < runs.size(); i++) {
      x = entry(drawing, runs.get(i).name(), new Stroke(colour(i), 2.5, false), x, y, visible);
      if (i + 1 < runs.size()
          && x + drawing.textWidth(runs.get(i + 1).name(), SMALL) + 40 > width() - MARGIN) {
        x = MARGIN;
        y += LEGEND_LINE;
      }
    }
    x = MARGIN;
    y += LEGEND_LINE;
    if (runs.stream().anyMatch(CurvePlot::isHeldOut)) {
      x = entry(drawing, "validation", new Stroke(FAINT, 1.8, false), x, y, visible);
      entry(drawing, "training", new Stroke(FAINT, 1.2, true), x, y, visible);
      y += LEGEND_LINE;
    }
    return (int) (y - SMALL - MARGIN) + 6;
  }

  private static boolean isHeldOut(Run run) {
    return run.columns().entrySet().stream()
        .anyMatch(
            column ->
                column.getKey().startsWith(HELD)
                    && Arrays.stream(column.getValue()).anyMatch(Double::isFinite));
  }

  private static double entry(
      Drawing drawing, String text, Stroke stroke, double x, double y, boolean visible) {
    if (visible) {
      double middle = y - 4;
      drawing.curve(new double[] {x, x + 24}, new double[] {middle, middle}, stroke);
      drawing.text(x + 31, y, text, SMALL, Anchor.LEFT, INK);
    }
    return x + 31 + drawing.textWidth(text, SMALL) + 22;
  }

  private void panel(Drawing drawing, String quantity, int left, int top) {
    int x0 = left + LEFT;
    int x1 = left + PANEL_WIDTH - RIGHT;
    int y0 = top + PANEL_HEIGHT - BOTTOM;
    int y1 = top + TOP;
    drawing.text(x0, top + TOP - 10, quantity, TITLE, Anchor.LEFT, INK);
    drawing.text(x1, top + TOP - 10, "by epoch", SMALL, Anchor.RIGHT, FAINT);
    Axis across = epochs();
    Axis up = values(quantity);
    for (double mark : up.marks()) {
      double y = y0 + (y1 - y0) * up.place(mark);
      drawing.curve(new double[] {x0, x1}, new double[] {y, y}, new Stroke(GRID, 1, false));
      drawing.text(x0 - 6, y + 4, up.label(mark), SMALL, Anchor.RIGHT, FAINT);
    }
    for (double mark : across.marks()) {
      double x = x0 + (x1 - x0) * across.place(mark);
      drawing.curve(new double[] {x, x}, new double[] {y0, y0 + 4}, new Stroke(FAINT, 1, false));
      drawing.text(x, y0 + 17, across.label(mark), SMALL, Anchor.MIDDLE, FAINT);
    }
    drawing.curve(new double[] {x0, x1}, new double[] {y0, y0}, new Stroke(FAINT, 1, false));
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i);
      boolean both = run.columns().containsKey(HELD + quantity);
      for (String name : List.of(quantity, HELD + quantity)) {
        double[] values = run.columns().get(name);
        if (values != null) {
          boolean dashed = both && name.equals(quantity);
          Stroke stroke = new Stroke(colour(i), dashed ? 1.2 : 1.8, dashed);
          curve(drawing, run.epochs(), values, across, up, new int[] {x0, x1, y0, y1}, stroke);
        }
      }
    }
  }

  /** Draws a curve in its pieces: nothing is drawn through epochs without a value. */
  private static void curve(
      Drawing drawing,
      int[] epochs,
      double[] values,
      Axis across,
      Axis up,
      int[] frame,
      Stroke stroke) {
    double[] x = new double[values.length];
    double[] y = new double[values.length];
    int from = 0;
    for (int i = 0; i <= values.length; i++) {
      if (i < values.length && Double.isFinite(values[i])) {
        x[i] = frame[0] + (frame[1] - frame[0]) * across.place(epochs[i]);
        y[i] = frame[2] + (frame[3] - frame[2]) * up.place(values[i]);
        continue;
      }
      if (i == from + 1) {
        drawing.dot(x[from], y[from], 2.4, stroke.colour());
      } else if (i > from) {
        drawing.curve(Arrays.copyOfRange(x, from, i), Arrays.copyOfRange(y, from, i), stroke);
      }
      from = i + 1;
    }
  }

  private Axis epochs() {
    int first = runs.stream().mapToInt(run -> run.epochs()[0]).min().orElseThrow();
    int last =
        runs.stream().mapToInt(run -> run.epochs()[run.epochs().length - 1]).max().orElseThrow();
    return Axis.counts(first, last, 8);
  }

  private Axis values(String quantity) {
    double[] all =
        runs.stream()
            .flatMap(run -> List.of(quantity, HELD + quantity).stream().map(run.columns()::get))
            .filter(values -> values != null)
            .flatMapToDouble(Arrays::stream)
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    return Axis.around(all[0], all[all.length - 1], 5);
  }

  private static Colour colour(int run) {
    return COLOURS.get(run % COLOURS.size());
  }
}

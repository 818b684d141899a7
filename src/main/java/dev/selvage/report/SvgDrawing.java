package dev.selvage.report;

import dev.selvage.util.AtomicFile;
import java.nio.file.Path;
import java.util.Locale;

/** Draws into an SVG file that stands for itself. */
final class SvgDrawing implements Drawing {
  /** Width of a letter of an ordinary sans-serif font, as a share of its size; on the safe side. */
  private static final double LETTER = 0.56;

  private final StringBuilder svg = new StringBuilder();

  SvgDrawing(int width, int height) {
    add(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d'"
            + " font-family='Helvetica, Arial, sans-serif'>",
        width, height, width, height);
    add("<rect width='%d' height='%d' fill='white'/>", width, height);
  }

  @Override
  public void curve(double[] x, double[] y, Stroke stroke) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < x.length; i++) {
      points.append(String.format(Locale.ROOT, "%s%.2f,%.2f", i == 0 ? "" : " ", x[i], y[i]));
    }
    add(
        "<polyline points='%s' fill='none' stroke='%s' stroke-width='%.2f'"
            + " stroke-linejoin='round'%s/>",
        points,
        hex(stroke.colour()),
        stroke.width(),
        stroke.dashed() ? " stroke-dasharray='4 3'" : "");
  }

  @Override
  public void dot(double x, double y, double radius, Colour colour) {
    add("<circle cx='%.2f' cy='%.2f' r='%.2f' fill='%s'/>", x, y, radius, hex(colour));
  }

  @Override
  public void text(double x, double y, String text, double size, Anchor anchor, Colour colour) {
    String place =
        switch (anchor) {
          case LEFT -> "start";
          case MIDDLE -> "middle";
          case RIGHT -> "end";
        };
    add(
        "<text x='%.2f' y='%.2f' font-size='%.1f' text-anchor='%s' fill='%s'>%s</text>",
        x, y, size, place, hex(colour), HtmlPage.escape(text));
  }

  @Override
  public double textWidth(String text, double size) {
    return LETTER * size * text.length();
  }

  /** Writes the file, whole or not at all. */
  void write(Path target) {
    AtomicFile.write(target, svg + "</svg>\n");
  }

  private static String hex(Colour colour) {
    return "#%02x%02x%02x".formatted(colour.red(), colour.green(), colour.blue());
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}

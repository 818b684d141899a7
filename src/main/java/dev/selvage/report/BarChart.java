package dev.selvage.report;

import static dev.selvage.report.HtmlPage.escape;

import dev.selvage.inspect.Histogram;
import dev.selvage.inspect.Inspection.NamedCount;
import dev.selvage.inspect.SplitComparison;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Bars as SVG that stands in an HTML page, whose style sheet colours it. */
final class BarChart {
  private static final int WIDTH = 560;
  private static final int HEIGHT = 200;
  private static final int LEFT = 44;
  private static final int TOP = 24;
  private static final int BOTTOM = 34;

  /** Pixels that a label of the horizontal axis needs. */
  private static final int LABEL = 46;

  /** Pixels that a character of a bar's name needs. */
  private static final int NAME_CHARACTER = 7;

  /** A line across the bars at a value of the horizontal axis. */
  record Marker(double value, String label) {}

  private BarChart() {}

  /**
   * A histogram with upright bars.
   *
   * @param axis what the horizontal axis counts
   * @param centred whether the labels name the bins, as for whole numbers, rather than their edges
   */
  static String histogram(Histogram histogram, String axis, boolean centred, List<Marker> markers) {
    int bins = histogram.counts().length;
    int most = 1;
    for (int count : histogram.counts()) {
      most = Math.max(most, count);
    }
    double step = (double) (WIDTH - LEFT) / bins;
    StringBuilder svg = open(WIDTH, TOP + HEIGHT + BOTTOM, axis);
    gridLine(svg, most, 1);
    gridLine(svg, most, 0.5);
    for (int i = 0; i < bins; i++) {
      double h = (double) HEIGHT * histogram.counts()[i] / most;
      String range =
          centred
              ? number(histogram.edges()[i])
              : number(histogram.edges()[i]) + " to " + number(histogram.edges()[i + 1]);
      add(
          svg,
          "<rect class='bar' x='%.1f' y='%.1f' width='%.1f' height='%.1f'><title>%s: %d</title></rect>",
          LEFT + i * step + 0.5,
          TOP + HEIGHT - h,
          Math.max(1, step - 1),
          h,
          range,
          histogram.counts()[i]);
    }
    int every = (int) Math.ceil(LABEL / step);
    for (int i = 0; i < bins + (centred ? 0 : 1); i += every) {
      add(
          svg,
          "<text class='tick' x='%.1f' y='%d' text-anchor='middle'>%s</text>",
          LEFT + (i + (centred ? 0.5 : 0)) * step,
          TOP + HEIGHT + 14,
          number(histogram.edges()[i]));
    }
    add(
        svg,
        "<text class='axis' x='%d' y='%d' text-anchor='end'>%s</text>",
        WIDTH,
        TOP + HEIGHT + 30,
        escape(
            "%s: %s to %s, median %s"
                .formatted(
                    axis,
                    number(histogram.least()),
                    number(histogram.most()),
                    number(histogram.median()))));
    for (Marker marker : markers) {
      double x = LEFT + place(histogram.edges(), marker.value) * step;
      add(
          svg,
          "<line class='marker' x1='%.1f' y1='%d' x2='%.1f' y2='%d'/>"
              + "<text class='markerlabel' x='%.1f' y='%d' text-anchor='middle'>%s</text>",
          x,
          TOP - 4,
          x,
          TOP + HEIGHT,
          x,
          TOP - 8,
          escape(marker.label));
    }
    return svg.append("</svg>").toString();
  }

  /** Named counts with lying bars, the largest first. */
  static String ranking(List<NamedCount> counts, int labelWidth) {
    List<NamedCount> sorted =
        counts.stream().sorted(Comparator.comparingInt(NamedCount::count).reversed()).toList();
    int most = Math.max(1, sorted.isEmpty() ? 1 : sorted.get(0).count());
    int line = 19;
    int span = WIDTH - labelWidth - 60;
    StringBuilder svg = open(WIDTH, line * sorted.size() + 4, "");
    for (int i = 0; i < sorted.size(); i++) {
      NamedCount count = sorted.get(i);
      double length = (double) span * count.count() / most;
      int y = line * i;
      name(svg, count.name(), labelWidth, y + 14);
      add(
          svg,
          "<rect class='bar' x='%d' y='%d' width='%.1f' height='%d'/>"
              + "<text class='tick' x='%.1f' y='%d'>%d</text>",
          labelWidth,
          y + 3,
          Math.max(count.count() > 0 ? 1 : 0, length),
          line - 5,
          labelWidth + length + 6,
          y + 14,
          count.count());
    }
    return svg.append("</svg>").toString();
  }

  /** For each class that any photo shows the share of both parts' photos, the largest first. */
  static String pairs(SplitComparison sides, int labelWidth) {
    List<SplitComparison.Side> sorted =
        sides.classes().stream()
            .filter(c -> c.train() + c.valid() > 0)
            .sorted(
                Comparator.comparingInt((SplitComparison.Side c) -> c.train() + c.valid())
                    .reversed())
            .toList();
    int line = 24;
    int span = WIDTH - labelWidth - 60;
    StringBuilder svg = open(WIDTH, line * sorted.size() + 4, "photos per class");
    for (int i = 0; i < sorted.size(); i++) {
      SplitComparison.Side c = sorted.get(i);
      name(svg, c.name(), labelWidth, line * i + 16);
      int[] counts = {c.train(), c.valid()};
      int[] photos = {sides.train(), sides.valid()};
      for (int part = 0; part < 2; part++) {
        double share = (double) counts[part] / Math.max(1, photos[part]);
        int y = line * i + 2 + 10 * part;
        add(
            svg,
            "<rect class='%s' x='%d' y='%d' width='%.1f' height='9'/>"
                + "<text class='small' x='%.1f' y='%d'>%.1f%%: %d</text>",
            part == 0 ? "bar" : "held",
            labelWidth,
            y,
            share * span,
            labelWidth + share * span + 6,
            y + 8,
            100 * share,
            counts[part]);
      }
    }
    return svg.append("</svg>").toString();
  }

  /** What stands before a bar; a name too long for its room is cut, and whole where one points. */
  private static void name(StringBuilder svg, String name, int width, int y) {
    int room = (width - 6) / NAME_CHARACTER;
    String shown = name.length() <= room ? name : name.substring(0, room - 1).stripTrailing() + "…";
    add(
        svg,
        "<text class='name' x='%d' y='%d' text-anchor='end'>%s<title>%s</title></text>",
        width - 6,
        y,
        escape(shown),
        escape(name));
  }

  private static StringBuilder open(int width, int height, String label) {
    StringBuilder svg = new StringBuilder();
    add(
        svg,
        "<svg viewBox='0 0 %d %d' width='%d' height='%d' role='img' aria-label='%s'>",
        width + 20,
        height,
        width + 20,
        height,
        escape(label));
    return svg;
  }

  private static void gridLine(StringBuilder svg, int most, double share) {
    double y = TOP + HEIGHT * (1 - share);
    add(
        svg,
        "<line class='grid' x1='%d' y1='%.1f' x2='%d' y2='%.1f'/>"
            + "<text class='tick' x='%d' y='%.1f' text-anchor='end'>%d</text>",
        LEFT,
        y,
        WIDTH,
        y,
        LEFT - 6,
        y + 4,
        Math.round(most * share));
  }

  /** Bins from the left edge to a value; within a bin as if its edges grew by a factor. */
  private static double place(double[] edges, double value) {
    if (value <= edges[0]) {
      return 0;
    }
    for (int i = 0; i + 1 < edges.length; i++) {
      if (value < edges[i + 1]) {
        return i + Math.log(value / edges[i]) / Math.log(edges[i + 1] / edges[i]);
      }
    }
    return edges.length - 1.0;
  }

  /** Three digits at most, unless they stand before the point. */
  private static String number(double value) {
    if (value >= 10 || value == Math.rint(value)) {
      return String.valueOf(Math.round(value));
    }
    return String.format(Locale.ROOT, value < 1 ? "%.2f" : "%.1f", value);
  }

  private static void add(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}

package dev.selvage.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A stretch of numbers with round numbers marked on it.
 *
 * @param from at one end of the axis
 * @param to at the other, greater than from
 * @param step between the marks, which are its multiples
 */
record Axis(double from, double to, double step) {
  /**
   * An axis that begins and ends at marks and holds two values.
   *
   * @param marks about as many as wanted
   */
  static Axis around(double least, double most, int marks) {
    double span = most - least;
    if (!(span > Math.abs(most) * 1e-9)) {
      span = most == 0 ? 1 : Math.abs(most) * 0.2; // all values alike
    }
    double step = round(span / marks);
    double from = Math.floor(least / step + 1e-9) * step;
    double to = Math.ceil(most / step - 1e-9) * step;
    return to > from ? new Axis(from, to, step) : new Axis(from - step, from + step, step);
  }

  /** An axis over whole numbers, which ends at the last of them. */
  static Axis counts(int first, int last, int marks) {
    double step = Math.max(1, round((double) (last - first) / marks));
    return last > first ? new Axis(first, last, step) : new Axis(first - 0.5, first + 0.5, 1);
  }

  /** The next of 1, 2 and 5 times a power of ten. */
  private static double round(double step) {
    double power = Math.pow(10, Math.floor(Math.log10(step)));
    for (int factor : new int[] {1, 2, 5}) {
      if (factor * power >= step * (1 - 1e-9)) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  List<Double> marks() {
    List<Double> marks = new ArrayList<>();
    for (long i = (long) Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) {
      marks.add(i * step);
    }
    return marks;
  }

  /** Where a value lies, 0 at the beginning and 1 at the end. */
  double place(double value) {
    return (value - from) / (to - from);
  }

  /** A mark with as many digits as tell it from the next. */
  String label(double mark) {
    double size = Math.max(Math.abs(from), Math.abs(to));
    if (mark != 0 && (size < 1e-3 || size >= 1e5)) {
      return String.format(Locale.ROOT, "%.3g", mark).replaceAll("\\.?0+e", "e");
    }
    int digits = Math.max(0, (int) Math.ceil(-Math.log10(step) - 1e-9));
    return String.format(Locale.ROOT, "%." + digits + "f", mark);
  }
}

package dev.selvage.report;

import java.util.Locale;

/**
 * One colour a class, always the same. Hues go round the circle by the golden ratio, so that
 * classes with near numbers, which often lie next to each other, differ most; brightness and
 * saturation change too, since hue alone tells some twelve classes apart.
 */
public final class Palette {
  private static final double GOLDEN_RATIO = 0.618033988749895;
  private static final double FIRST_HUE = 0.97;
  private static final double[] SATURATIONS = {0.85, 0.60, 0.95};
  private static final double[] VALUES = {0.95, 1.00, 0.70};

  private Palette() {}

  /**
   * The colour of a class.
   *
   * @param classId the model's class, from 1
   */
  static Colour of(int classId) {
    double hue = FIRST_HUE + (classId - 1) * GOLDEN_RATIO;
    int shade = (classId - 1) % SATURATIONS.length;
    return fromHsv(hue - Math.floor(hue), SATURATIONS[shade], VALUES[shade]);
  }

  /** The colour of a class as CSS writes it, such as {@code #f29221}. */
  public static String css(int classId) {
    Colour colour = of(classId);
    return String.format(Locale.ROOT, "#%02x%02x%02x", colour.red(), colour.green(), colour.blue());
  }

  private static Colour fromHsv(double hue, double saturation, double value) {
    return new Colour(
        channel(hue, saturation, value, 5),
        channel(hue, saturation, value, 3),
        channel(hue, saturation, value, 1));
  }

  private static int channel(double hue, double saturation, double value, int shift) {
    double k = (shift + 6 * hue) % 6;
    double dip = Math.max(0, Math.min(Math.min(k, 4 - k), 1));
    return (int) Math.round(255 * value * (1 - saturation * dip));
  }
}

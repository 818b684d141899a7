package dev.selvage.sample.paint;

/** The patterns of the cloths. */
public final class Textures {
  static final Texture PLAIN = (u, v, pixel) -> 0;

  private Textures() {}

  static Texture stripesAcross(double period) {
    return (u, v, pixel) -> band(v, period, 0.45, pixel);
  }

  static Texture stripesAlong(double period) {
    return (u, v, pixel) -> band(u, period, 0.35, pixel);
  }

  static Texture checks(double period) {
    return (u, v, pixel) -> 0.5 * band(u, period, 0.5, pixel) + 0.5 * band(v, period, 0.5, pixel);
  }

  /** Two crossing families of thin lines over broad ones. */
  static Texture tartan(double period) {
    return (u, v, pixel) -> {
      double broad = 0.35 * band(u, period, 0.4, pixel) + 0.35 * band(v, period, 0.4, pixel);
      double thin = band(u + period * 0.2, period, 0.1, pixel);
      thin = Math.max(thin, band(v + period * 0.2, period, 0.1, pixel));
      return Math.min(1, broad + 0.5 * thin);
    };
  }

  static Texture dots(double period) {
    return (u, v, pixel) -> {
      double row = Math.floor(v / period);
      double x = fraction(u / period + 0.5 * (row - 2 * Math.floor(row / 2))) - 0.5;
      double y = fraction(v / period) - 0.5;
      double distance = Math.sqrt(x * x + y * y) * period;
      return step((period * 0.27 - distance) / pixel);
    };
  }

  /** Small flowers of five petals, every other row shifted. */
  static Texture flowers(double period) {
    Vec[] petals = new Vec[5];
    for (int i = 0; i < petals.length; i++) {
      petals[i] = Vec.hanging(72 * i, 0.19);
    }
    return (u, v, pixel) -> {
      double row = Math.floor(v / period);
      double x = fraction(u / period + 0.5 * (row - 2 * Math.floor(row / 2))) - 0.5;
      double y = fraction(v / period) - 0.5;
      double nearest = 1;
      for (Vec petal : petals) {
        double dx = x - petal.x();
        double dy = y - petal.y();
        nearest = Math.min(nearest, dx * dx + dy * dy);
      }
      double petal = step((0.15 - Math.sqrt(nearest)) * period / pixel);
      double heart = step((0.09 - Math.sqrt(x * x + y * y)) * period / pixel);
      return petal * (1 - 0.7 * heart);
    };
  }

  /** Twill lines, faint, with threads of uneven shade. */
  static final Texture DENIM =
      (u, v, pixel) -> {
        double twill = band(u + v, 1.1, 0.5, Math.max(pixel, 0.25));
        double thread = grain((int) Math.floor(u * 3), (int) Math.floor(v));
        return 0.16 * twill + 0.22 * thread;
      };

  /** Columns of chevrons. */
  static final Texture KNIT =
      (u, v, pixel) -> {
        double column = Math.abs(fraction(u / 2.2) - 0.5) * 2;
        double stitch = band(v + 1.1 * column, 1.5, 0.4, Math.max(pixel, 0.3));
        double groove = band(u, 2.2, 0.14, Math.max(pixel, 0.3));
        return Math.min(1, 0.45 * stitch + 0.5 * groove);
      };

  /** Vertical ribs, as of a cuff or a beanie. */
  public static final Texture RIB = (u, v, pixel) -> 0.6 * band(u, 1.5, 0.4, Math.max(pixel, 0.3));

  /** 1 within the share of each period, 0 elsewhere, with edges a pixel soft. */
  private static double band(double x, double period, double share, double pixel) {
    double fromMiddle = Math.abs(fraction(x / period) - 0.5) * period;
    return step((share * period / 2 - fromMiddle) / pixel);
  }

  private static double step(double pixels) {
    return Math.min(1, Math.max(0, pixels + 0.5));
  }

  private static double fraction(double x) {
    return x - Math.floor(x);
  }

  /** Noise in 0..1 from a cell's place. */
  private static double grain(int x, int y) {
    int z = x * 0x9e3779b1 ^ y * 0x85ebca77;
    z = (z ^ z >>> 15) * 0x2c1b3c6d;
    z = (z ^ z >>> 12) * 0x297a2d39;
    return ((z ^ z >>> 15) & 0xffff) / 65535.0;
  }
}

package dev.selvage.sample.paint;

/** Red, green and blue in 0..1 as stored in the file. */
public record Colour(double r, double g, double b) {
  static final Colour BLACK = hex("000000");
  public static final Colour WHITE = hex("ffffff");

  public static Colour hex(String rrggbb) {
    int value = Integer.parseInt(rrggbb, 16);
    return new Colour((value >> 16) / 255.0, (value >> 8 & 255) / 255.0, (value & 255) / 255.0);
  }

  public Colour mix(Colour other, double share) {
    return new Colour(
        r + (other.r - r) * share, g + (other.g - g) * share, b + (other.b - b) * share);
  }

  public Colour lighter(double share) {
    return mix(WHITE, share);
  }

  public Colour darker(double share) {
    return new Colour(r * (1 - share), g * (1 - share), b * (1 - share));
  }

  public double brightness() {
    return 0.3 * r + 0.59 * g + 0.11 * b;
  }

  /** How unlike another colour it looks, 0..1. */
  double distance(Colour other) {
    double dr = r - other.r;
    double dg = g - other.g;
    double db = b - other.b;
    return Math.sqrt((2 * dr * dr + 4 * dg * dg + 3 * db * db) / 9);
  }
}

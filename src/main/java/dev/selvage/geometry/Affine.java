package dev.selvage.geometry;

/**
 * A map of the plane that keeps lines straight and parallel: {@code x' = xx x + xy y + x0}, {@code
 * y' = yx x + yy y + y0}. Coordinates are those of pixels' edges: pixel i reaches from i to i + 1.
 */
public record Affine(double xx, double xy, double x0, double yx, double yy, double y0) {
  public static final Affine IDENTITY = new Affine(1, 0, 0, 0, 1, 0);

  public static Affine translation(double x, double y) {
    return new Affine(1, 0, x, 0, 1, y);
  }

  /** Scales about the origin; a negative factor mirrors. */
  public static Affine scaling(double x, double y) {
    return new Affine(x, 0, 0, 0, y, 0);
  }

  /** Turns about the origin, x towards y, which is clockwise where y points down. */
  public static Affine rotation(double radians) {
    double c = Math.cos(radians);
    double s = Math.sin(radians);
    return new Affine(c, -s, 0, s, c, 0);
  }

  /** Slants columns about the origin, by an angle between -90 and 90 degrees. */
  public static Affine shear(double radians) {
    return new Affine(1, -Math.tan(radians), 0, 0, 1, 0);
  }

  /** This map and then another. */
  public Affine then(Affine next) {
    return new Affine(
        next.xx * xx + next.xy * yx,
        next.xx * xy + next.xy * yy,
        next.xx * x0 + next.xy * y0 + next.x0,
        next.yx * xx + next.yy * yx,
        next.yx * xy + next.yy * yy,
        next.yx * x0 + next.yy * y0 + next.y0);
  }

  /** This map with another point taken for the origin. */
  public Affine about(double x, double y) {
    return translation(-x, -y).then(this).then(translation(x, y));
  }

  /** The way back; the map must not flatten the plane. */
  public Affine inverse() {
    double determinant = xx * yy - xy * yx;
    double a = yy / determinant;
    double b = -xy / determinant;
    double c = -yx / determinant;
    double d = xx / determinant;
    return new Affine(a, b, -(a * x0 + b * y0), c, d, -(c * x0 + d * y0));
  }

  /** How many times longer a step along a row or a column becomes, whichever grows more. */
  public double stretch() {
    return Math.max(Math.hypot(xx, yx), Math.hypot(xy, yy));
  }

  public double x(double x, double y) {
    return xx * x + xy * y + x0;
  }

  public double y(double x, double y) {
    return yx * x + yy * y + y0;
  }
}

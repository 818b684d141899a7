package dev.selvage.sample.paint;

/** A point or a direction. In figure units y points up, on the photo it points down. */
public record Vec(double x, double y) {
  /** From straight down, turned towards positive x. */
  public static Vec hanging(double degrees, double length) {
    double angle = StrictMath.toRadians(degrees);
    return new Vec(length * StrictMath.sin(angle), -length * StrictMath.cos(angle));
  }

  public Vec plus(Vec other) {
    return new Vec(x + other.x, y + other.y);
  }

  public Vec plus(double dx, double dy) {
    return new Vec(x + dx, y + dy);
  }

  public Vec minus(Vec other) {
    return new Vec(x - other.x, y - other.y);
  }

  public Vec times(double factor) {
    return new Vec(x * factor, y * factor);
  }

  public Vec towards(Vec other, double share) {
    return new Vec(x + (other.x - x) * share, y + (other.y - y) * share);
  }

  /** Turned counterclockwise where y points up. */
  public Vec turned(double degrees) {
    double angle = StrictMath.toRadians(degrees);
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    return new Vec(x * cos - y * sin, x * sin + y * cos);
  }

  public double length() {
    return Math.sqrt(x * x + y * y);
  }

  /** Same direction, length 1; the zero vector stays what it is. */
  public Vec unit() {
    double length = length();
    return length == 0 ? this : times(1 / length);
  }
}

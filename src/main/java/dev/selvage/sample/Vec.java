package dev.selvage.sample;

/** A point or a direction. In figure units y points up, on the photo it points down. */
record Vec(double x, double y) {
  /** From straight down, turned towards positive x. */
  static Vec hanging(double degrees, double length) {
    double angle = StrictMath.toRadians(degrees);
    return new Vec(length * StrictMath.sin(angle), -length * StrictMath.cos(angle));
  }

  Vec plus(Vec other) {
    return new Vec(x + other.x, y + other.y);
  }

  Vec plus(double dx, double dy) {
    return new Vec(x + dx, y + dy);
  }

  Vec minus(Vec other) {
    return new Vec(x - other.x, y - other.y);
  }

  Vec times(double factor) {
    return new Vec(x * factor, y * factor);
  }

  Vec towards(Vec other, double share) {
    return new Vec(x + (other.x - x) * share, y + (other.y - y) * share);
  }

  /** Turned counterclockwise where y points up. */
  Vec turned(double degrees) {
    double angle = StrictMath.toRadians(degrees);
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    return new Vec(x * cos - y * sin, x * sin + y * cos);
  }

  double length() {
    return Math.sqrt(x * x + y * y);
  }

  /** Same direction, length 1; the zero vector stays what it is. */
  Vec unit() {
    double length = length();
    return length == 0 ? this : times(1 / length);
  }
}

package dev.selvage.sample.paint;

/**
 * Where a cloth's pattern starts and how it lies, in figure units.
 *
 * @param degrees how far its u axis is turned from x, counterclockwise
 */
public record Frame(Vec origin, double degrees) {
  public static final Frame UPRIGHT = new Frame(new Vec(0, 0), 0);

  /** Along a limb: v runs from a to b. */
  public static Frame along(Vec a, Vec b) {
    Vec d = b.minus(a);
    return new Frame(a, StrictMath.toDegrees(StrictMath.atan2(d.y(), d.x())) + 90);
  }
}

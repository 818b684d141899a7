package dev.selvage.sample.paint;

/**
 * Where figure units lie on the photo.
 *
 * @param x pixel column of figure x = 0
 * @param ground pixel row of figure y = 0
 * @param scale pixels a unit
 * @param mirrored whether left and right are exchanged
 */
public record Placement(double x, double ground, double scale, boolean mirrored) {
  /** Pixels are pixels. */
  public static final Placement PHOTO = new Placement(0, 0, 1, false);

  Vec apply(Vec p) {
    if (this == PHOTO) {
      return p;
    }
    return new Vec(x + (mirrored ? -scale : scale) * p.x(), ground - scale * p.y());
  }
}

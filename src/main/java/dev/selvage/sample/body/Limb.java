package dev.selvage.sample.body;

import dev.selvage.sample.paint.Shape;
import dev.selvage.sample.paint.Vec;

/** An arm or a leg: from its root over elbow or knee to wrist or ankle. */
public record Limb(Vec root, Vec bend, Vec end) {
  private static final int SAMPLES = 22;

  /** The place at a share 0..1 of the way; the bend is rounded. */
  public Vec at(double t) {
    double soft = 0.13;
    if (t <= 0.5 - soft) {
      return root.towards(bend, 2 * t);
    }
    if (t >= 0.5 + soft) {
      return bend.towards(end, 2 * t - 1);
    }
    double s = (t - 0.5 + soft) / (2 * soft);
    Vec a = root.towards(bend, 1 - 2 * soft);
    Vec b = bend.towards(end, 2 * soft);
    return a.towards(bend, s).towards(bend.towards(b, s), s);
  }

  public Vec direction(double t) {
    return at(Math.min(1, t + 0.02)).minus(at(t - 0.02)).unit();
  }

  /**
   * A band along it.
   *
   * @param radii at root, bend and end of the whole limb
   */
  public Shape band(double from, double to, double... radii) {
    Vec[] line = new Vec[SAMPLES];
    double[] radius = new double[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      double t = from + (to - from) * i / (SAMPLES - 1);
      line[i] = at(t);
      radius[i] = radiusAt(t, radii);
    }
    return Shape.sweep(line, radius);
  }

  static double radiusAt(double t, double... radii) {
    return t < 0.5
        ? radii[0] + (radii[1] - radii[0]) * 2 * t
        : radii[1] + (radii[2] - radii[1]) * (2 * t - 1);
  }

  /** A thin cross-section, as of a cuff or a hem. */
  public Shape ring(double t, double thickness, double... radii) {
    double length = bend.minus(root).length() * 2;
    return band(t - thickness / length, t, radii);
  }
}

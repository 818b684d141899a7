package dev.selvage.sample.garment;

import dev.selvage.sample.body.Skeleton;
import dev.selvage.sample.label.Kind;
import dev.selvage.sample.paint.Fabric;
import dev.selvage.sample.paint.Outline;
import dev.selvage.sample.paint.Painter;
import dev.selvage.sample.paint.Shape;

/** Collars of shirts, jackets and coats: two flaps, one instance. */
final class Collars {
  private Collars() {}

  static void shirt(Painter p, Skeleton s, int garment, Fabric fabric) {
    draw(p, s, garment, fabric.unpatterned().toned(-0.35), flap(0.1, 0.94, 6.1, 0.945, 3.9, 0.775));
  }

  static void jacket(Painter p, Skeleton s, int garment, Fabric fabric) {
    draw(p, s, garment, tone(fabric), flap(1.4, 0.91, 7.2, 0.93, 4.4, 0.75));
  }

  static void coat(Painter p, Skeleton s, int garment, Fabric fabric) {
    draw(p, s, garment, tone(fabric), flap(0.3, 0.86, 8.0, 0.92, 4.4, 0.68));
  }

  private static Fabric tone(Fabric fabric) {
    return fabric.unpatterned().toned(fabric.base().brightness() > 0.4 ? 0.28 : -0.28);
  }

  /** One flap, right: from the neck to its inner edge, its outer shoulder and its point. */
  private static Outline flap(
      double inner, double innerH, double outer, double outerH, double tip, double tipH) {
    return new Outline()
        .corner(3.0, 1.10)
        .smooth(4.4, 1.06)
        .corner(outer, outerH)
        .corner(tip, tipH)
        .corner(inner, innerH)
        .smooth(1.9, 1.0);
  }

  private static void draw(Painter p, Skeleton s, int garment, Fabric fabric, Outline flap) {
    int layer = p.layers.part(Kind.COLLAR, garment);
    for (int side = -1; side <= 1; side += 2) {
      int sign = side;
      Shape shape = flap.filled(xh -> s.trunk(sign * xh.x(), xh.y()));
      p.fill(layer, shape, fabric, s.trunkFrame(), 1);
    }
  }
}

package dev.selvage.sample.garment;

import dev.selvage.sample.body.Skeleton;
import dev.selvage.sample.label.Kind;
import dev.selvage.sample.paint.Colour;
import dev.selvage.sample.paint.Fabric;
import dev.selvage.sample.paint.Outline;
import dev.selvage.sample.paint.Painter;
import dev.selvage.sample.paint.Shape;

/** Patch pockets. */
final class Pockets {
  private static final double TRUNK = 28;

  private Pockets() {}

  /**
   * Sews a pocket on.
   *
   * @param x its middle on the trunk
   * @param h its upper edge on the trunk
   */
  static void patch(
      Painter p,
      Skeleton s,
      int garment,
      Fabric fabric,
      double x,
      double h,
      double width,
      double height) {
    int layer = p.layers.part(Kind.POCKET, garment);
    double half = width / 2;
    double bottom = h - height / TRUNK;
    Fabric cloth = fabric.toned(fabric.base().brightness() > 0.3 ? 0.16 : -0.16);
    Shape patch =
        new Outline()
            .corner(x - half, h)
            .corner(x + half, h)
            .corner(x + half, bottom + 0.05)
            .smooth(x + 0.5 * half, bottom + 0.01)
            .smooth(x, bottom)
            .smooth(x - 0.5 * half, bottom + 0.01)
            .corner(x - half, bottom + 0.05)
            .filled(s::trunk);
    p.fill(layer, patch, cloth, s.trunkFrame(), 1.2);
    Colour seam = cloth.base().darker(0.4);
    Outline upper = new Outline().corner(x - half, h - 0.045).corner(x + half, h - 0.045);
    p.detail(layer, upper.stroked(s::trunk, 0.18, 0.18), seam, 0.8);
    Colour stitch = cloth.base().lighter(0.5);
    Outline stitches =
        new Outline()
            .corner(x - half + 0.5, h - 0.05)
            .corner(x - half + 0.5, bottom + 0.06)
            .smooth(x, bottom + 0.02)
            .corner(x + half - 0.5, bottom + 0.06)
            .corner(x + half - 0.5, h - 0.05);
    p.detail(layer, stitches.stroked(s::trunk, 0.12, 0.12), stitch, 0.6);
  }
}

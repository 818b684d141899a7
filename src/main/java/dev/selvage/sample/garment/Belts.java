package dev.selvage.sample.garment;

import dev.selvage.sample.body.Skeleton;
import dev.selvage.sample.label.Kind;
import dev.selvage.sample.paint.Colour;
import dev.selvage.sample.paint.Fabric;
import dev.selvage.sample.paint.Outline;
import dev.selvage.sample.paint.Painter;
import dev.selvage.sample.paint.Shape;

/** A belt at the waist. */
public final class Belts {
  private Belts() {}

  /**
   * Buckles a belt.
   *
   * @param h height of its middle on the trunk
   * @param ease how far what it holds stands off the body
   */
  public static void draw(Painter p, Skeleton s, Fabric leather, double h, double ease) {
    int layer = p.layers.garment(Kind.BELT);
    double half = 0.068;
    double upper = s.body.width(h + half) + ease;
    double lower = s.body.width(h - half) + ease;
    Shape strap =
        new Outline()
            .corner(-upper, h + half)
            .smooth(0, h + half - 0.012)
            .corner(upper, h + half)
            .corner(lower, h - half)
            .smooth(0, h - half - 0.012)
            .corner(-lower, h - half)
            .filled(s::trunk);
    p.fill(layer, strap, leather, s.trunkFrame(), 1.2);
    Colour brass = Colour.hex("e6c25c");
    Shape buckle = square(s, h - 0.012, 1.9, 0.062);
    p.detail(layer, buckle.without(square(s, h - 0.012, 1.1, 0.034)), brass, 1);
    Outline pin = new Outline().corner(-0.2, h - 0.012).corner(1.5, h - 0.012);
    p.detail(layer, pin.stroked(s::trunk, 0.25, 0.25), brass, 1);
  }

  private static Shape square(Skeleton s, double h, double x, double half) {
    return new Outline()
        .corner(-x, h + half)
        .corner(x, h + half)
        .corner(x, h - half)
        .corner(-x, h - half)
        .filled(s::trunk);
  }
}

package dev.selvage.sample.garment;

import dev.selvage.sample.body.Skeleton;
import dev.selvage.sample.label.Kind;
import dev.selvage.sample.paint.Colour;
import dev.selvage.sample.paint.Fabric;
import dev.selvage.sample.paint.Frame;
import dev.selvage.sample.paint.Outline;
import dev.selvage.sample.paint.Painter;
import dev.selvage.sample.paint.Shape;
import dev.selvage.sample.paint.Vec;

/** Bags with their handles and straps. */
public final class Bags {
  /** Kinds of bags. */
  public enum Style {
    HANDBAG,
    TOTE,
    CROSSBODY
  }

  private Bags() {}

  /** A bag that hangs from a hand; the hand comes over it. */
  public static void carried(Painter p, Skeleton s, Outfit.Extras e) {
    Vec grip = s.arm(e.bagSide()).end().plus(s.arm(e.bagSide()).direction(0.98).times(2.2));
    boolean tote = e.bag() == Style.TOTE;
    double half = tote ? 6.4 : 7.0;
    double top = tote ? 6.0 : 5.0;
    double depth = tote ? 14.5 : 10.5;
    int layer = p.layers.garment(Kind.BAG, e.bagCloth().pattern());
    Fabric handle = e.bagCloth().unpatterned().toned(0.25);
    for (int i = 0; i < 2; i++) {
      double spread = i == 0 ? 3.9 : 3.2;
      Outline loop =
          new Outline()
              .corner(grip.x() - spread, grip.y() - top - 0.5)
              .smooth(grip.x() - 0.72 * spread, grip.y() - 1.4)
              .smooth(grip.x(), grip.y() + 0.2)
              .smooth(grip.x() + 0.72 * spread, grip.y() - 1.4)
              .corner(grip.x() + spread, grip.y() - top - 0.5);
      p.fill(layer, loop.stroked(v -> v, 0.62, 0.62), handle, Frame.UPRIGHT, 0.7);
    }
    body(p, layer, grip.plus(0, -top), half, depth, e.bagCloth(), !tote);
  }

  /** A strap over the trunk and a bag at the hip. */
  public static void crossbody(Painter p, Skeleton s, Outfit.Extras e) {
    int side = Skeleton.out(e.bagSide());
    int layer = p.layers.garment(Kind.BAG, e.bagCloth().pattern());
    Fabric strap = e.bagCloth().unpatterned().toned(0.3);
    Outline line =
        new Outline()
            .corner(-side * (s.body.shoulder() - 4.2), 1.0)
            .smooth(0, 0.6)
            .corner(side * (s.body.hip() + 0.6), 0.02);
    p.fill(layer, line.stroked(s::trunk, 0.75, 0.75), strap, Frame.UPRIGHT, 0.8);
    Vec top = s.trunk(side * (s.body.hip() + 0.4), 0.05);
    body(p, layer, top, 6.2, 9.6, e.bagCloth(), true);
  }

  private static void body(
      Painter p, int layer, Vec top, double half, double depth, Fabric cloth, boolean flap) {
    double x = top.x();
    double y = top.y();
    Shape sack =
        new Outline()
            .corner(x - half * 0.86, y)
            .corner(x + half * 0.86, y)
            .smooth(x + half, y - depth * 0.7)
            .smooth(x + half * 0.8, y - depth)
            .smooth(x - half * 0.8, y - depth)
            .smooth(x - half, y - depth * 0.7)
            .filled();
    p.fill(layer, sack, cloth, new Frame(top, 0), 2.4);
    Colour seam = cloth.base().darker(0.5);
    if (flap) {
      Shape cover =
          new Outline()
              .corner(x - half * 0.88, y)
              .corner(x + half * 0.88, y)
              .smooth(x + half * 0.9, y - depth * 0.32)
              .smooth(x, y - depth * 0.52)
              .smooth(x - half * 0.9, y - depth * 0.32)
              .filled();
      p.fill(layer, cover, cloth.toned(0.1), new Frame(top, 0), 1.6);
      p.detail(layer, Shape.disc(new Vec(x, y - depth * 0.46), 0.95), Colour.hex("e6c25c"), 1);
    } else {
      Outline edge = new Outline().corner(x - half, y - 1.2).corner(x + half, y - 1.2);
      p.detail(layer, edge.stroked(v -> v, 0.16, 0.16), seam, 0.8);
      p.detail(
          layer, Shape.disc(new Vec(x, y - 0.56 * depth), 2.1), cloth.base().lighter(0.6), 0.9);
    }
  }
}

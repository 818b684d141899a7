package dev.selvage.sample.garment;

import dev.selvage.sample.body.Body;
import dev.selvage.sample.body.Skeleton;
import dev.selvage.sample.label.Attribute;
import dev.selvage.sample.label.Kind;
import dev.selvage.sample.paint.Colour;
import dev.selvage.sample.paint.Layers;
import dev.selvage.sample.paint.Outline;
import dev.selvage.sample.paint.Painter;
import dev.selvage.sample.paint.Shape;

/** Jackets and coats. */
public final class Outerwear {
  private static final double EASE = 1.7;

  private Outerwear() {}

  /** Names the garment, so that its parts can be painted before it. */
  public static int layer(Layers layers, Outfit.Outer o) {
    Attribute length = o.kind() == Kind.COAT ? Attribute.BELOW_THE_KNEE : null;
    Attribute front = o.open() ? Attribute.OPEN_FRONT : Attribute.CLOSED_FRONT;
    return layers.garment(o.kind(), o.fabric().pattern(), front, length);
  }

  public static void draw(Painter p, Skeleton s, Outfit.Outer o, int layer) {
    // the side that lies below first
    panel(p, s, o, layer, -1);
    panel(p, s, o, layer, 1);
    if (!o.open()) {
      buttons(p, s, o, layer);
    }
    if (o.kind() == Kind.JACKET) {
      hemBand(p, s, o, layer);
    }
    if (o.pockets()) {
      boolean coat = o.kind() == Kind.COAT;
      for (int side = -1; side <= 1; side += 2) {
        double x = side * (s.body.hip() - (coat ? 2.6 : 2.7));
        Pockets.patch(p, s, layer, o.fabric(), x, coat ? 0.08 : 0.27, 6.0, coat ? 7.4 : 6.6);
      }
    }
    if (o.kind() == Kind.COAT) {
      Collars.coat(p, s, layer, o.fabric());
    } else {
      Collars.jacket(p, s, layer, o.fabric());
    }
  }

  private static void panel(Painter p, Skeleton s, Outfit.Outer o, int layer, int side) {
    Body b = s.body;
    double gap = o.open() ? 3.0 : side < 0 ? -0.6 : -1.2;
    double flare = o.kind() == Kind.COAT ? b.width(0) + 2.6 - 2.6 * o.hem() : b.width(0) + 1.7;
    Shape shape =
        new Outline()
            .corner(o.open() ? 3.2 : 2.6, 1.07)
            .smooth(b.shoulder() - 0.4, 0.995)
            .smooth(b.shoulder() + 0.5, 0.88)
            .smooth(b.width(0.72) + EASE, 0.7)
            .smooth(b.width(0.38) + EASE + 0.5, 0.38)
            .smooth(b.width(0) + EASE, 0.04)
            .corner(flare, o.hem())
            .corner(o.open() ? gap + 0.9 - 1.2 * o.hem() : gap, o.hem() - 0.03)
            .smooth(gap, 0.35)
            .corner(o.open() ? 2.8 : gap, 0.8)
            .filled(xh -> s.trunk(side * xh.x(), xh.y()));
    p.fill(layer, shape, o.fabric(), s.trunkFrame(), 3);
    Colour crease = o.fabric().base().darker(0.45);
    Outline fold =
        new Outline()
            .corner(side * (b.width(0.4) + 1.6), 0.47)
            .smooth(side * (b.width(0.4) - 1), 0.41)
            .corner(side * 4, 0.38);
    p.detail(layer, fold.stroked(s::trunk, 0.36, 0.05), crease, 0.4);
    if (o.kind() == Kind.COAT) {
      Outline drape =
          new Outline()
              .corner(side * (b.width(0) - 1.5), -0.15)
              .smooth(side * b.width(0), -0.4)
              .corner(side * (flare - 3), o.hem());
      p.detail(layer, drape.stroked(s::trunk, 0.05, 0.5), crease, 0.35);
    }
  }

  private static void buttons(Painter p, Skeleton s, Outfit.Outer o, int layer) {
    Colour horn =
        o.fabric().base().brightness() > 0.45 ? Colour.hex("4a3527") : Colour.hex("e9d9b8");
    boolean coat = o.kind() == Kind.COAT;
    for (double h = coat ? 0.55 : 0.68; h > (coat ? -0.25 : 0.05); h -= coat ? 0.24 : 0.2) {
      p.detail(layer, Shape.disc(s.trunk(-2.6, h), 0.75), horn, 1);
      if (coat) {
        p.detail(layer, Shape.disc(s.trunk(2.6, h), 0.75), horn, 1);
      }
    }
  }

  private static void hemBand(Painter p, Skeleton s, Outfit.Outer o, int layer) {
    Outline band =
        new Outline()
            .corner(-s.body.width(0) - 3, o.hem() + 0.05)
            .corner(s.body.width(0) + 3, o.hem() + 0.05)
            .corner(s.body.width(0) + 3, o.hem() - 0.08)
            .corner(-s.body.width(0) - 3, o.hem() - 0.08);
    p.detail(layer, band.filled(s::trunk), o.fabric().base().darker(0.5), 0.35);
  }
}

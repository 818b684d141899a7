package dev.selvage.sample.garment;

import dev.selvage.sample.body.Body;
import dev.selvage.sample.body.Skeleton;
import dev.selvage.sample.label.Attribute;
import dev.selvage.sample.label.Kind;
import dev.selvage.sample.paint.Colour;
import dev.selvage.sample.paint.Fabric;
import dev.selvage.sample.paint.Layers;
import dev.selvage.sample.paint.Outline;
import dev.selvage.sample.paint.Painter;
import dev.selvage.sample.paint.Shape;

/** Shirts, t-shirts and dresses: everything with a neck opening. */
public final class Tops {
  private static final double EASE = 0.8;

  private Tops() {}

  /** Names the garment, so that its parts can be painted before it. */
  public static int layer(Layers layers, Outfit.Upper u) {
    Attribute neck =
        u.kind() == Kind.SHIRT ? null : u.vNeck() ? Attribute.V_NECK : Attribute.ROUND_NECK;
    Attribute length =
        u.kind() != Kind.DRESS
            ? null
            : u.hem() > -0.62 ? Attribute.ABOVE_THE_KNEE : Attribute.BELOW_THE_KNEE;
    return layers.garment(u.kind(), u.fabric().pattern(), neck, length, sleeves(u));
  }

  /** Paints trunk, neckline or collar and pocket; the sleeves come with the arms. */
  public static void draw(Painter p, Skeleton s, Outfit.Upper u, int layer) {
    p.fill(
        layer, u.kind() == Kind.DRESS ? dress(s, u) : trunk(s, u), u.fabric(), s.trunkFrame(), 3.2);
    Colour crease = u.fabric().base().darker(0.45);
    if (u.kind() == Kind.SHIRT) {
      Outline front = new Outline().corner(0, 0.86).corner(0, u.tucked() ? 0.2 : -0.12);
      p.detail(layer, front.stroked(s::trunk, 0.16, 0.16), crease, 0.6);
      for (double h = 0.72; h > 0; h -= 0.17) {
        p.detail(layer, Shape.disc(s.trunk(0.75, h), 0.45), Colour.hex("fbf6ea"), 0.95);
      }
    }
    if (u.kind() == Kind.DRESS) {
      folds(p, s, layer, u);
    } else {
      creases(p, s, layer, crease);
    }
    if (u.pocket()) {
      int side = s.pose.turn() > 0 ? 1 : -1;
      Pockets.patch(p, s, layer, u.fabric(), side * 4.9, 0.78, 5.4, 6.0);
    }
    if (u.kind() == Kind.SHIRT) {
      Collars.shirt(p, s, layer, u.fabric());
    } else {
      neckline(p, s, layer, u);
    }
  }

  private static Attribute sleeves(Outfit.Upper u) {
    return switch (u.sleeves()) {
      case NONE -> null;
      case SHORT -> Attribute.SHORT_SLEEVE;
      case LONG -> Attribute.LONG_SLEEVE;
    };
  }

  private static Outline shoulders(Skeleton s, Outfit.Upper u) {
    Body b = s.body;
    Outline half = new Outline();
    if (u.kind() == Kind.SHIRT || u.vNeck()) {
      half.corner(0, u.kind() == Kind.SHIRT ? 0.86 : 0.76).corner(3.7, 1.05);
    } else {
      half.smooth(0, 0.885).smooth(2.6, 0.925).corner(4.1, 1.04);
    }
    double cap = u.sleeves() == Outfit.Sleeves.NONE ? b.shoulder() - 2.4 : b.shoulder() - 0.2;
    return half.smooth(cap - 0.6, 0.985).smooth(cap, 0.88).smooth(b.width(0.74) + EASE, 0.72);
  }

  private static Shape trunk(Skeleton s, Outfit.Upper u) {
    Body b = s.body;
    Outline half = shoulders(s, u);
    if (u.tucked()) {
      half.smooth(b.width(0.4) + EASE, 0.42).corner(b.width(0.2) + 0.4, 0.2).corner(0, 0.2);
    } else {
      half.smooth(b.width(0.4) + EASE + 0.6, 0.4)
          .smooth(b.width(0.05) + EASE + 0.3, 0.05)
          .corner(b.width(-0.1) + EASE + 0.2, -0.1)
          .smooth(0, -0.125);
    }
    return half.mirrored().filled(s::trunk);
  }

  private static Shape dress(Skeleton s, Outfit.Upper u) {
    Body b = s.body;
    return shoulders(s, u)
        .smooth(b.width(0.38) + 0.7, 0.4)
        .smooth(b.width(0.38) + 1.0, 0.3)
        .smooth(b.width(0) + 2.4, -0.06)
        .corner(b.width(0) + 4.2 - 2.2 * u.hem(), u.hem())
        .smooth(0, u.hem() - 0.045)
        .mirrored()
        .filled(s::trunk);
  }

  private static void neckline(Painter p, Skeleton s, int garment, Outfit.Upper u) {
    int layer = p.layers.part(Kind.NECKLINE, garment);
    Outline line = new Outline();
    if (u.vNeck()) {
      line.corner(-3.9, 1.03).corner(0, 0.745).corner(3.9, 1.03);
    } else {
      line.corner(-4.2, 1.03)
          .smooth(-2.6, 0.91)
          .smooth(0, 0.87)
          .smooth(2.6, 0.91)
          .corner(4.2, 1.03);
    }
    Fabric rib = u.fabric().unpatterned().toned(u.fabric().base().brightness() > 0.35 ? 0.3 : -0.3);
    p.fill(layer, line.stroked(s::trunk, 1.4, 1.4), rib, s.trunkFrame(), 1);
  }

  private static void creases(Painter p, Skeleton s, int layer, Colour crease) {
    for (int side = -1; side <= 1; side += 2) {
      Outline fold =
          new Outline()
              .corner(side * (s.body.width(0.4) + 0.4), 0.46)
              .smooth(side * (s.body.width(0.4) - 1.6), 0.4)
              .corner(side * 3, 0.37);
      p.detail(layer, fold.stroked(s::trunk, 0.32, 0.05), crease, 0.35);
      Outline armpit =
          new Outline()
              .corner(side * (s.body.width(0.74) + 0.4), 0.7)
              .smooth(side * (s.body.width(0.74) - 1.4), 0.67)
              .corner(side * 4.6, 0.61);
      p.detail(layer, armpit.stroked(s::trunk, 0.3, 0.05), crease, 0.35);
    }
  }

  private static void folds(Painter p, Skeleton s, int layer, Outfit.Upper u) {
    Colour crease = u.fabric().base().darker(0.4);
    for (double x = -0.75; x <= 0.8; x += 0.5) {
      double wide = s.body.width(0) + 3 - 2.2 * u.hem();
      Outline fold =
          new Outline()
              .corner(x * s.body.width(0.38), 0.24)
              .smooth(x * s.body.width(0) * 1.1, -0.1)
              .corner(x * wide, u.hem());
      p.detail(layer, fold.stroked(s::trunk, 0.08, 0.42), crease, 0.3);
    }
    Outline waist =
        new Outline()
            .corner(-s.body.width(0.38) - 0.9, 0.35)
            .smooth(0, 0.33)
            .corner(s.body.width(0.38) + 0.9, 0.35);
    p.detail(layer, waist.stroked(s::trunk, 0.2, 0.2), crease, 0.6);
  }
}

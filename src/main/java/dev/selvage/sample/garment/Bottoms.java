package dev.selvage.sample.garment;

import dev.selvage.sample.body.Body;
import dev.selvage.sample.body.Limb;
import dev.selvage.sample.body.Skeleton;
import dev.selvage.sample.label.Attribute;
import dev.selvage.sample.label.Kind;
import dev.selvage.sample.paint.Colour;
import dev.selvage.sample.paint.Frame;
import dev.selvage.sample.paint.Outline;
import dev.selvage.sample.paint.Painter;
import dev.selvage.sample.paint.Shape;

/** Pants, shorts and skirts. */
public final class Bottoms {
  /** Height of the waistband's upper edge on the trunk. */
  static final double WAIST = 0.3;

  private Bottoms() {}

  public static void draw(Painter p, Skeleton s, Outfit.Lower l) {
    if (l.kind() == Kind.SKIRT) {
      skirt(p, s, l);
    } else {
      legged(p, s, l);
    }
  }

  private static void legged(Painter p, Skeleton s, Outfit.Lower l) {
    Body b = s.body;
    double g = b.girth();
    Attribute length = l.kind() == Kind.SHORTS ? Attribute.ABOVE_THE_KNEE : Attribute.FULL_LENGTH;
    int layer = p.layers.garment(l.kind(), l.fabric().pattern(), length);
    double[] radii = {
      (5.0 + 0.6 * l.width()) * g, (3.7 + 2.2 * l.width()) * g, (2.5 + 3.6 * l.width()) * g
    };
    if (l.kind() == Kind.SHORTS) {
      radii[1] = (4.7 + 1.6 * l.width()) * g;
    }
    int back = s.rearLeg();
    Limb rear = s.leg(back);
    p.fill(
        layer,
        leg(rear, l.length(), radii),
        l.fabric().toned(0.08),
        Frame.along(rear.root(), rear.bend()),
        2.8);
    Limb front = s.leg(1 - back);
    Shape seat =
        new Outline()
            .corner(0, WAIST)
            .corner(b.width(WAIST) + 0.5, WAIST)
            .smooth(b.width(0.05) + 0.7, 0.06)
            .smooth(b.width(-0.1) + 0.6, -0.1)
            .corner(b.width(-0.2) + 0.3, -0.2)
            .smooth(3, -0.22)
            .corner(0, -0.14)
            .mirrored()
            .filled(s::trunk);
    p.fill(
        layer,
        seat.and(leg(front, l.length(), radii)),
        l.fabric(),
        Frame.along(front.root(), front.bend()),
        2.8);
    Colour crease = l.fabric().base().darker(0.5);
    for (int side = 0; side < 2; side++) {
      p.detail(layer, s.leg(side).ring(l.length(), 1.0, radii), crease, 0.3);
    }
    Outline fly = new Outline().corner(0, WAIST - 0.08).smooth(0.2, 0.05).corner(0, -0.15);
    p.detail(layer, fly.stroked(s::trunk, 0.16, 0.26), crease, 0.65);
    Outline band =
        new Outline()
            .corner(-b.width(WAIST) - 0.6, WAIST - 0.1)
            .smooth(0, WAIST - 0.115)
            .corner(b.width(WAIST) + 0.6, WAIST - 0.1);
    p.detail(layer, band.stroked(s::trunk, 0.16, 0.16), crease, 0.6);
    for (int side = -1; side <= 1; side += 2) {
      Outline fold =
          new Outline().corner(side * 0.6, -0.1).smooth(side * 2.4, -0.07).corner(side * 4.6, 0.0);
      p.detail(layer, fold.stroked(s::trunk, 0.3, 0.05), crease, 0.4);
      if (l.pockets()) {
        Pockets.patch(p, s, layer, l.fabric(), side * (b.hip() - 3.5), 0.12, 6.0, 7.0);
      }
    }
  }

  private static Shape leg(Limb leg, double length, double[] radii) {
    return leg.band(0, length, radii).and(Shape.disc(leg.root(), radii[0]));
  }

  private static void skirt(Painter p, Skeleton s, Outfit.Lower l) {
    Body b = s.body;
    double hem = l.length();
    double flare = b.width(0) + 1.2 + (1 + 5 * l.width()) * -hem;
    Attribute length = hem > -0.6 ? Attribute.ABOVE_THE_KNEE : Attribute.BELOW_THE_KNEE;
    int layer = p.layers.garment(Kind.SKIRT, l.fabric().pattern(), length);
    Shape shape =
        new Outline()
            .corner(0, WAIST)
            .corner(b.width(WAIST) + 0.5, WAIST)
            .smooth(b.width(0.05) + 0.9, 0.05)
            .corner(flare, hem)
            .smooth(0.4 * flare, hem - 0.04)
            .smooth(0, hem - 0.05)
            .mirrored()
            .filled(s::trunk);
    p.fill(layer, shape, l.fabric(), s.trunkFrame(), 3);
    Colour crease = l.fabric().base().darker(0.45);
    for (double x = -0.8; x <= 0.81; x += 0.32) {
      Outline pleat =
          new Outline()
              .corner(x * b.width(WAIST), WAIST - 0.12)
              .smooth(x * b.width(0), -0.05)
              .corner(x * flare, hem - 0.02);
      p.detail(layer, pleat.stroked(s::trunk, 0.05, 0.4), crease, 0.36);
    }
    Outline band =
        new Outline()
            .corner(-b.width(WAIST) - 0.6, WAIST - 0.1)
            .smooth(0, WAIST - 0.115)
            .corner(b.width(WAIST) + 0.6, WAIST - 0.1);
    p.detail(layer, band.stroked(s::trunk, 0.18, 0.18), crease, 0.7);
    if (l.pockets()) {
      for (int side = -1; side <= 1; side += 2) {
        Pockets.patch(p, s, layer, l.fabric(), side * (b.hip() - 3), 0.07, 5.8, 6.6);
      }
    }
  }
}

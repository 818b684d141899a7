package dev.selvage.sample.body;

import dev.selvage.sample.paint.Colour;
import dev.selvage.sample.paint.Fabric;
import dev.selvage.sample.paint.Frame;
import dev.selvage.sample.paint.Outline;
import dev.selvage.sample.paint.Painter;
import dev.selvage.sample.paint.Shape;
import dev.selvage.sample.paint.Vec;

/** Skin: legs, arms, hands, trunk and neck. */
public final class Skin {
  private Skin() {}

  public static void leg(Painter p, Skeleton s, int side) {
    double g = s.body.girth();
    Limb leg = s.leg(side);
    int layer = p.layers.bare();
    Shape shape =
        leg.band(0, 1, 4.6 * g, 3.3 * g, 2.1 * g)
            .and(Shape.disc(leg.end(), 2.1 * g))
            .and(Shape.ellipse(leg.at(0.7).plus(Skeleton.out(side) * 0.5, 0), 2.7 * g, 6, 0));
    p.fill(layer, shape, skin(s), Frame.UPRIGHT, 3);
  }

  public static void trunk(Painter p, Skeleton s) {
    int layer = p.layers.bare();
    Body b = s.body;
    Outline half =
        new Outline()
            .corner(0, 1.03)
            .corner(2.4, 1.05)
            .smooth(b.shoulder() - 1.5, 0.96)
            .smooth(b.width(0.86), 0.84)
            .smooth(b.width(0.7), 0.7)
            .smooth(b.width(0.38), 0.38)
            .smooth(b.width(0), 0)
            .corner(b.width(-0.1), -0.12)
            .corner(0, -0.16);
    p.fill(layer, half.mirrored().filled(s::trunk), skin(s), Frame.UPRIGHT, 3);
    Vec throat = s.trunk(0, 0.94);
    Vec[] line = {throat, throat.towards(s.headCentre(), 0.5), s.headCentre()};
    double[] radii = {3.1 * b.girth(), 2.6 * b.girth(), 2.7 * b.girth()};
    p.fill(layer, Shape.sweep(line, radii), skin(s), Frame.UPRIGHT, 2.4);
    p.detail(layer, Shape.ellipse(s.head(0, -7.2), 3.6, 2.6, s.headTilt()), shadowOf(s), 0.55);
  }

  /** Arm and hand, thumb forward. */
  public static void arm(Painter p, Skeleton s, int side) {
    double g = s.body.girth();
    Limb arm = s.arm(side);
    Vec along = arm.direction(0.98);
    Vec inward = new Vec(along.y(), -along.x()).times(Skeleton.out(side));
    double angle = StrictMath.toDegrees(StrictMath.atan2(along.y(), along.x())) + 90;
    Vec palm = arm.end().plus(along.times(1.6));
    Vec thumb = arm.end().plus(along.times(1.7)).plus(inward.times(1.5));
    Shape shape =
        arm.band(0, 1, 2.8 * g, 2.3 * g, 1.5 * g)
            .and(Shape.disc(arm.root(), 2.8 * g))
            .and(Shape.ellipse(palm, 1.75, 2.7, angle))
            .and(Shape.ellipse(thumb, 0.75, 1.7, angle + 18 * Skeleton.out(side)));
    p.fillJoined(p.layers.bare(), shape, s.shoulder(side, 2.8 * g), skin(s), Frame.UPRIGHT, 2.2);
  }

  static Fabric skin(Skeleton s) {
    return Fabric.plain(s.body.skin());
  }

  static Colour shadowOf(Skeleton s) {
    return s.body.skin().mix(Colour.hex("8a2f2a"), 0.3).darker(0.28);
  }
}

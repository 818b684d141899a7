package dev.selvage.sample.garment;

import dev.selvage.sample.body.Limb;
import dev.selvage.sample.body.Skeleton;
import dev.selvage.sample.label.Attribute;
import dev.selvage.sample.label.Kind;
import dev.selvage.sample.paint.Colour;
import dev.selvage.sample.paint.Fabric;
import dev.selvage.sample.paint.Frame;
import dev.selvage.sample.paint.Painter;
import dev.selvage.sample.paint.Shape;
import dev.selvage.sample.paint.Vec;

/** Sleeves, each a part of its garment. */
public final class Sleeves {
  private Sleeves() {}

  /**
   * Paints one sleeve over its arm.
   *
   * @param bulk how far it stands off the arm, in figure units
   */
  public static void draw(
      Painter p, Skeleton s, int side, int garment, Fabric fabric, boolean isLong, double bulk) {
    double g = s.body.girth();
    Limb arm = s.arm(side);
    int layer =
        p.layers.part(
            Kind.SLEEVE, garment, isLong ? Attribute.LONG_SLEEVE : Attribute.SHORT_SLEEVE);
    double[] radii = {2.7 * g + bulk, 2.3 * g + bulk + (isLong ? 0.1 : 0.5), 1.7 * g + 0.8 * bulk};
    double end = isLong ? 0.97 : 0.42;
    Shape shape = arm.band(0, end, radii).and(Shape.disc(arm.root(), radii[0]));
    p.fillJoined(
        layer, shape, s.shoulder(side, radii[0]), fabric, Frame.along(arm.root(), arm.bend()), 2.4);
    Colour crease = fabric.base().darker(0.45);
    p.detail(layer, arm.ring(end, isLong ? 2.2 : 1.1, radii), crease, 0.3);
    if (isLong) {
      Vec elbow = arm.at(0.5);
      Vec across = arm.direction(0.5).turned(90).times(Skeleton.out(side));
      for (int i = -1; i <= 1; i += 2) {
        Vec from = elbow.plus(arm.direction(0.5).times(1.1 * i)).plus(across.times(-2.4));
        Vec to = elbow.plus(arm.direction(0.5).times(0.5 * i)).plus(across.times(0.6));
        Shape fold = Shape.sweep(new Vec[] {from, to}, new double[] {0.3, 0.05});
        p.detail(layer, fold, crease, 0.4);
      }
    }
  }
}

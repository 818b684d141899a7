package dev.selvage.sample.garment;

import dev.selvage.sample.body.Limb;
import dev.selvage.sample.body.Skeleton;
import dev.selvage.sample.label.Kind;
import dev.selvage.sample.paint.Colour;
import dev.selvage.sample.paint.Fabric;
import dev.selvage.sample.paint.Frame;
import dev.selvage.sample.paint.Outline;
import dev.selvage.sample.paint.Painter;
import dev.selvage.sample.paint.Vec;
import java.util.function.UnaryOperator;

/** Shoes; each foot's is an instance of its own. */
public final class Shoes {
  /** Kinds of shoes. */
  enum Style {
    SNEAKER,
    BOOT,
    LOAFER,
    HEEL
  }

  private Shoes() {}

  public static void draw(Painter p, Skeleton s, int side, Style style, Fabric fabric) {
    Limb leg = s.leg(side);
    double toe = s.pose.toes()[side];
    double tilt =
        toe
            * 0.35
            * StrictMath.toDegrees(
                StrictMath.atan2(leg.end().x() - leg.bend().x(), leg.bend().y() - leg.end().y()))
            * toe;
    UnaryOperator<Vec> foot = v -> leg.end().plus(new Vec(toe * v.x(), v.y()).turned(tilt));
    int layer = p.layers.garment(Kind.SHOE);
    Frame frame = new Frame(leg.end(), 0);
    p.fill(layer, upper(style).filled(foot), fabric, frame, 1.8);
    Colour sole = style == Style.SNEAKER ? Colour.hex("f4f0e6") : fabric.base().darker(0.55);
    Outline bottom =
        style == Style.HEEL
            ? new Outline()
                .corner(-2.7, -2.8)
                .corner(-1.2, -2.8)
                .corner(-1.9, -4.7)
                .corner(-2.7, -4.7)
            : new Outline()
                .corner(-3.0, -3.5)
                .corner(8.3, -3.7)
                .smooth(9.0, -4.2)
                .corner(8.6, -4.75)
                .corner(-2.9, -4.75);
    p.flat(layer, bottom.filled(foot), sole, 1);
    if (style == Style.SNEAKER) {
      for (int i = 0; i < 3; i++) {
        Outline lace =
            new Outline()
                .corner(1.6 + 1.1 * i, -0.9 - 0.75 * i)
                .corner(2.9 + 1.1 * i, 0.1 - 0.85 * i);
        p.detail(layer, lace.stroked(foot, 0.24, 0.24), Colour.WHITE, 0.9);
      }
      Outline toeCap = new Outline().smooth(6.2, -1.9).smooth(5.8, -2.8).smooth(6.2, -3.7);
      p.detail(layer, toeCap.stroked(foot, 0.15, 0.15), fabric.base().darker(0.45), 0.8);
    }
  }

  private static Outline upper(Style style) {
    return switch (style) {
      case SNEAKER ->
          new Outline()
              .corner(-2.7, 0.9)
              .smooth(0, 0.3)
              .corner(2.3, 1.2)
              .smooth(4.2, -0.9)
              .smooth(7.6, -1.9)
              .smooth(9.0, -3.6)
              .corner(8.6, -4.6)
              .corner(-2.9, -4.6)
              .smooth(-3.1, -2);
      case BOOT ->
          new Outline()
              .corner(-2.9, 5.4)
              .smooth(0, 5.0)
              .corner(2.9, 5.6)
              .smooth(2.9, 1.2)
              .smooth(4.4, -1.1)
              .smooth(7.6, -1.9)
              .smooth(9.0, -3.6)
              .corner(8.6, -4.6)
              .corner(-2.9, -4.6)
              .smooth(-3.1, 0);
      case LOAFER ->
          new Outline()
              .corner(-2.8, -0.2)
              .smooth(0.2, -1.2)
              .corner(3.2, -0.1)
              .smooth(6.4, -1.6)
              .smooth(9.0, -3.6)
              .corner(8.6, -4.6)
              .corner(-2.9, -4.6)
              .smooth(-3.1, -2.8);
      case HEEL ->
          new Outline()
              .corner(-2.8, 0.6)
              .smooth(0, -0.7)
              .smooth(3.4, -1.3)
              .smooth(7.2, -2.5)
              .corner(9.3, -4.4)
              .corner(4.2, -4.7)
              .smooth(1.6, -3.5)
              .corner(-2.7, -2.9);
    };
  }
}

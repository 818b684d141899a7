package dev.selvage.sample.body;

import dev.selvage.sample.paint.Fabric;
import dev.selvage.sample.paint.Frame;
import dev.selvage.sample.paint.Outline;
import dev.selvage.sample.paint.Painter;
import dev.selvage.sample.paint.Shape;
import dev.selvage.sample.paint.Vec;

/** Hair behind the body and over the forehead. */
public final class Hair {
  /** Kinds of hair. */
  enum Style {
    SHORT,
    QUIFF,
    CURLS,
    BOB,
    LONG,
    BUN,
    PONYTAIL
  }

  private Hair() {}

  /** What falls behind neck and shoulders. */
  public static void behind(Painter p, Skeleton s) {
    Shape shape =
        switch (s.body.style()) {
          case LONG ->
              new Outline()
                  .smooth(0, 9.2)
                  .smooth(7.4, 4)
                  .smooth(8.2, -4)
                  .smooth(9.4, -13)
                  .smooth(7.8, -19.5)
                  .smooth(4, -20.5)
                  .smooth(0, -18)
                  .mirrored()
                  .filled(s::head);
          case BOB ->
              new Outline()
                  .smooth(0, 9.4)
                  .smooth(7.6, 4)
                  .smooth(8.8, -4)
                  .smooth(7.6, -9.4)
                  .smooth(3, -8.6)
                  .smooth(0, -8)
                  .mirrored()
                  .filled(s::head);
          case PONYTAIL ->
              new Outline()
                  .smooth(3, 7)
                  .smooth(9.5, 7.5)
                  .smooth(12.5, 1)
                  .smooth(11.8, -9)
                  .smooth(10, -13)
                  .smooth(8.6, -6)
                  .smooth(7, 1)
                  .filled(s::head);
          default -> null;
        };
    if (shape != null) {
      p.fill(p.layers.bare(), shape, strands(s, 0.12), Frame.UPRIGHT, 2.6);
    }
  }

  /** The part over skull and forehead. */
  public static void over(Painter p, Skeleton s, boolean underHat) {
    int layer = p.layers.bare();
    Fabric hair = strands(s, 0);
    Style style = s.body.style();
    if (style == Style.BUN && !underHat) {
      p.fill(layer, Shape.disc(s.head(0, 10.6), 3.5), hair, Frame.UPRIGHT, 2.2);
    }
    if (style == Style.CURLS && !underHat) {
      Shape curls = Shape.disc(s.head(0, 7.6), 4.2);
      for (int i = -3; i <= 3; i++) {
        Vec at = new Vec(0, 7.6).turned(-i * 27);
        curls = curls.and(Shape.disc(s.head(at.x() * 0.98, at.y() + 0.6), 3.2));
      }
      p.fill(layer, curls.without(forehead(s, 3.6)), hair, Frame.UPRIGHT, 2);
      return;
    }
    Shape cap = cap(s, style == Style.QUIFF && !underHat);
    double side = s.pose.turn() < 0 ? 1 : -1;
    Shape brow =
        switch (style) {
          case BOB -> forehead(s, 2.9);
          case LONG, BUN, PONYTAIL -> parting(s, side * 1.6);
          default -> swoop(s, side);
        };
    p.fill(layer, cap.without(brow), hair, Frame.UPRIGHT, 2.4);
    Shape gloss =
        new Outline().corner(-4.6, 5.6).smooth(-1, 7.7).corner(3, 7.3).stroked(s::head, 0.25, 0.5);
    p.detail(layer, gloss, s.body.hair().lighter(0.45), 0.35);
  }

  private static Shape cap(Skeleton s, boolean high) {
    double low =
        switch (s.body.style()) {
          case BOB, LONG -> -5.5;
          default -> -1.2;
        };
    return new Outline()
        .smooth(high ? 2 : 0, high ? 12.2 : 9.5)
        .smooth(5.6, high ? 9.3 : 7.4)
        .smooth(7.3, 2.4)
        .corner(6.9, low)
        .corner(0, low - 1)
        .corner(-6.9, low)
        .smooth(-7.3, 2.4)
        .smooth(-5.6, high ? 8.4 : 7.4)
        .filled(s::head);
  }

  /** The face below a straight fringe. */
  private static Shape forehead(Skeleton s, double line) {
    return new Outline()
        .corner(5.6, line - 0.8)
        .smooth(0, line + 0.5)
        .corner(-5.6, line - 0.8)
        .corner(-5.4, -12)
        .corner(5.4, -12)
        .filled(s::head);
  }

  /** The face below hair that falls to both sides. */
  private static Shape parting(Skeleton s, double x) {
    return new Outline()
        .corner(x, 6.2)
        .smooth(4.6, 3.6)
        .smooth(5.9, -0.5)
        .corner(5.5, -12)
        .corner(-5.5, -12)
        .smooth(-5.9, -0.5)
        .smooth(-4.6, 3.6)
        .filled(s::head);
  }

  /** The face below hair combed to one side. */
  private static Shape swoop(Skeleton s, double side) {
    return new Outline()
        .corner(side * 5.8, 1.2)
        .smooth(side * 4.2, 3.2)
        .corner(side * 3.6, 5.3)
        .smooth(side * -2, 3.9)
        .corner(side * -5.7, 2.4)
        .corner(side * -5.9, -12)
        .corner(side * 5.9, -12)
        .filled(s::head);
  }

  private static Fabric strands(Skeleton s, double darker) {
    return Fabric.plain(s.body.hair().darker(darker));
  }
}

package dev.selvage.sample.body;

import dev.selvage.sample.paint.Colour;
import dev.selvage.sample.paint.Fabric;
import dev.selvage.sample.paint.Frame;
import dev.selvage.sample.paint.Outline;
import dev.selvage.sample.paint.Painter;
import dev.selvage.sample.paint.Shape;
import dev.selvage.sample.paint.Vec;

/** The head without its hair. */
public final class Face {
  private Face() {}

  public static void draw(Painter p, Skeleton s) {
    int layer = p.layers.bare();
    double turn = s.pose.turn();
    Fabric skin = Skin.skin(s);
    Colour shadow = Skin.shadowOf(s);
    for (int side = -1; side <= 1; side += 2) {
      Shape ear = Shape.ellipse(s.head(side * 6.4 - 0.9 * turn, -0.6), 1.3, 1.9, s.headTilt());
      p.fill(layer, ear, skin, Frame.UPRIGHT, 1);
    }
    p.fill(layer, skull(s), skin, Frame.UPRIGHT, 3.4);
    double x = 1.5 * turn;
    Colour ink = s.body.hair().brightness() > 0.4 ? Colour.hex("4a3228") : s.body.hair();
    for (int side = -1; side <= 1; side += 2) {
      blush(p, s, layer, x + side * 3.9);
      eye(p, s, layer, x + side * 2.6, side);
      Shape brow =
          new Outline()
              .corner(x + side * 1.5, 2.5)
              .smooth(x + side * 2.7, 3.05)
              .corner(x + side * 4.0, 2.6)
              .stroked(s::head, 0.32, 0.2);
      p.detail(layer, brow, ink.darker(0.15), 0.9);
    }
    Shape nose =
        new Outline()
            .corner(x + 0.4 * turn + 0.3, -0.2)
            .smooth(x + 0.8 * turn + 0.7, -1.9)
            .corner(x + 0.6 * turn - 0.3, -2.2)
            .stroked(s::head, 0.2, 0.32);
    p.detail(layer, nose, shadow, 0.75);
    if (s.body.beard()) {
      beard(p, s, layer, x);
    }
    mouth(p, s, layer, x);
  }

  private static Shape skull(Skeleton s) {
    return new Outline()
        .smooth(0, Skeleton.HEAD_HEIGHT)
        .smooth(5.0, 6.1)
        .smooth(Skeleton.HEAD_WIDTH, 1.4)
        .smooth(6.0, -2.8)
        .smooth(3.7, -6.6)
        .smooth(0, -Skeleton.HEAD_HEIGHT)
        .mirrored()
        .filled(s::head);
  }

  private static void blush(Painter p, Skeleton s, int layer, double x) {
    Colour rose = Colour.hex("e0604f");
    for (double r = 1.7; r > 0.5; r -= 0.4) {
      p.detail(layer, Shape.ellipse(s.head(x, -2.3), r, 0.75 * r, s.headTilt()), rose, 0.1);
    }
  }

  private static void eye(Painter p, Skeleton s, int layer, double x, int side) {
    Vec middle = s.head(x + 0.2 * s.pose.turn(), 0.1);
    p.detail(layer, Shape.ellipse(middle, 0.72, 0.98, s.headTilt()), Colour.hex("2b1d1a"), 1);
    p.detail(layer, Shape.disc(middle.plus(-0.22, 0.36), 0.26), Colour.WHITE, 0.95);
    if (s.body.lashes()) {
      Shape lash =
          new Outline()
              .corner(x - side * 0.7, 0.85)
              .smooth(x + side * 0.2, 1.3)
              .corner(x + side * 1.5, 1.15)
              .stroked(s::head, 0.18, 0.32);
      p.detail(layer, lash, Colour.hex("2b1d1a"), 0.95);
    }
  }

  private static void mouth(Painter p, Skeleton s, int layer, double x) {
    Colour lips =
        s.body.lashes()
            ? s.body.skin().mix(Colour.hex("c2334a"), 0.65)
            : s.body.skin().mix(Colour.hex("8e3a35"), 0.6);
    Shape smile =
        new Outline()
            .corner(x - 2.1, -3.7)
            .smooth(x, -4.35)
            .corner(x + 2.1, -3.7)
            .smooth(x + 1.2, -5.2)
            .smooth(x, -5.7)
            .smooth(x - 1.2, -5.2)
            .filled(s::head);
    p.detail(layer, smile, lips.darker(0.25), 0.95);
    Shape teeth =
        new Outline()
            .corner(x - 1.6, -4.0)
            .smooth(x, -4.5)
            .corner(x + 1.6, -4.0)
            .smooth(x, -4.95)
            .filled(s::head);
    p.detail(layer, teeth, Colour.hex("fffaf3"), 0.95);
  }

  private static void beard(Painter p, Skeleton s, int layer, double x) {
    Shape beard =
        new Outline()
            .corner(6.3, 0)
            .smooth(5.9, -3)
            .smooth(3.7, -6.9)
            .smooth(0, -8.6)
            .smooth(-3.7, -6.9)
            .smooth(-5.9, -3)
            .corner(-6.3, 0)
            .smooth(-4.6, -2.4)
            .smooth(x - 2.4, -2.9)
            .smooth(x, -3.1)
            .smooth(x + 2.4, -2.9)
            .smooth(4.6, -2.4)
            .filled(s::head);
    p.detail(layer, beard, s.body.hair(), 0.88);
  }
}

package dev.selvage.sample.garment;

import dev.selvage.sample.body.Skeleton;
import dev.selvage.sample.label.Kind;
import dev.selvage.sample.paint.Colour;
import dev.selvage.sample.paint.Outline;
import dev.selvage.sample.paint.Painter;
import dev.selvage.sample.paint.Shape;

/** Glasses: frame and lenses are one instance. */
public final class Eyewear {
  /** Kinds of glasses. */
  enum Style {
    ROUND,
    SQUARE,
    DARK
  }

  /** From the middle to the middle of a lens. */
  private static final double APART = 3.1;

  private static final double OUTER = 2.9;
  private static final double INNER = 2.25;

  private Eyewear() {}

  public static void draw(Painter p, Skeleton s, Style style, Colour frame) {
    int layer = p.layers.garment(Kind.GLASSES);
    double x = 1.5 * s.pose.turn();
    Shape rims = temples(s, x);
    Shape glass = lens(s, style, x - APART, INNER).and(lens(s, style, x + APART, INNER));
    for (int side = -1; side <= 1; side += 2) {
      rims = rims.and(lens(s, style, x + side * APART, OUTER));
    }
    boolean dark = style == Style.DARK;
    p.flat(layer, rims.without(glass), frame, 1);
    p.flat(layer, glass, Colour.hex(dark ? "23202b" : "e4f4fa"), dark ? 0.94 : 0.4);
    for (int side = -1; side <= 1; side += 2) {
      Outline gleam =
          new Outline().corner(x + side * APART - 1.3, 0.2).corner(x + side * APART - 0.2, 1.6);
      p.detail(layer, gleam.stroked(s::head, 0.25, 0.4), Colour.WHITE, 0.6);
    }
  }

  private static Shape temples(Skeleton s, double x) {
    return new Outline()
        .corner(-6.6, 0.6)
        .smooth(x - 3, 0.9)
        .smooth(x, 0.7)
        .smooth(x + 3, 0.9)
        .corner(6.6, 0.6)
        .stroked(s::head, 0.42, 0.42);
  }

  private static Shape lens(Skeleton s, Style style, double x, double r) {
    if (style == Style.ROUND) {
      return Shape.disc(s.head(x, 0), r);
    }
    double low = style == Style.DARK ? 0.95 : 0.85;
    return new Outline()
        .smooth(x - r, 0.75 * r)
        .smooth(x, 0.85 * r)
        .smooth(x + r, 0.75 * r)
        .smooth(x + 0.95 * r, -0.4 * r)
        .smooth(x + 0.4 * r, -low * r)
        .smooth(x - 0.4 * r, -low * r)
        .smooth(x - 0.95 * r, -0.4 * r)
        .filled(s::head);
  }
}

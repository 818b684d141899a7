package dev.selvage.sample;

/** Glasses: frame and lenses are one instance. */
final class Eyewear {
  /** Kinds of glasses. */
  enum Style {
    ROUND,
    SQUARE,
    DARK
  }

  private Eyewear() {}

  static void draw(Painter p, Skeleton s, Style style, Colour frame) {
    int layer = p.layers.garment(Kind.GLASSES);
    double x = 1.5 * s.pose.turn();
    Shape all = temples(s, x);
    for (int side = -1; side <= 1; side += 2) {
      all = all.and(lens(s, style, x + side * 3.1, 2.85));
    }
    if (style == Style.DARK) {
      p.fill(layer, all, Fabric.plain(frame), Frame.UPRIGHT, 0.9);
    } else {
      p.flat(layer, all, frame);
    }
    for (int side = -1; side <= 1; side += 2) {
      Shape glass = lens(s, style, x + side * 3.1, 2.2);
      if (style == Style.DARK) {
        p.detail(layer, glass, Colour.hex("23202b"), 0.9);
      } else {
        p.detail(layer, glass, s.body.skin().mix(Colour.hex("dff2fa"), 0.45), 1);
        p.detail(layer, Shape.disc(s.head(x + side * 2.6, 0.1), 0.75), Colour.hex("2b1d1a"), 0.95);
      }
      Outline gleam =
          new Outline().corner(x + side * 3.1 - 1.2, 0.2).corner(x + side * 3.1 - 0.1, 1.5);
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

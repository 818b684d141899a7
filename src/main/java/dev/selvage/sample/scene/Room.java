package dev.selvage.sample.scene;

import dev.selvage.sample.paint.Colour;
import dev.selvage.sample.paint.Outline;
import dev.selvage.sample.paint.RandomChoices;
import dev.selvage.sample.paint.Shape;
import dev.selvage.sample.paint.Vec;

/** A living room: wallpaper, a window or a picture, a plant or a lamp, a wooden floor. */
final class Room implements Backdrop {
  @Override
  public void paint(Scenery s, RandomChoices random, double floor) {
    double w = s.width();
    double h = s.height();
    Colour wall =
        Colour.hex(random.pick("c8d2c4", "e2d3bf", "bfcbd6", "dcc3bd", "d5cde0", "d9d2b4"));
    s.gradient(Shape.box(0, 0, w, floor), wall.lighter(0.1), wall.darker(0.08), 0, floor);
    double side = random.sign();
    double x = w * (0.5 + side * random.between(0.24, 0.32));
    if (random.chance(0.5)) {
      window(s, x, h);
    } else {
      picture(s, random, x, h);
    }
    Colour wood = Colour.hex(random.pick("b48a62", "9a7350", "c7a27a"));
    s.gradient(Shape.box(0, floor, w, h), wood.darker(0.15), wood.lighter(0.12), floor, h);
    for (int i = 1; i < 7; i++) {
      double y = floor + (h - floor) * i * i / 36.0;
      s.fill(Shape.box(0, y, w, y + 1.5), wood.darker(0.3), 0.55);
    }
    s.fill(Shape.box(0, floor - 0.028 * h, w, floor), Colour.hex("f3eee4"));
    if (random.chance(0.6)) {
      Colour rug = Colour.hex(random.pick("b5574a", "54748a", "cfae6b", "6d7f66"));
      double y = (floor + h) / 2;
      s.fill(Shape.ellipse(new Vec(w / 2, y), 0.46 * w, 0.4 * (h - floor), 0), rug);
      s.fill(Shape.ellipse(new Vec(w / 2, y), 0.38 * w, 0.3 * (h - floor), 0), rug.lighter(0.25));
    }
    double other = w * (0.5 - side * random.between(0.33, 0.42));
    if (random.chance(0.55)) {
      plant(s, random, other, floor, h);
    } else {
      lamp(s, other, floor, h);
    }
    s.soften(0.005);
  }

  private static void window(Scenery s, double x, double h) {
    double half = 0.13 * h;
    s.fill(Shape.box(x - half - 6, 0.1 * h - 6, x + half + 6, 0.46 * h + 6), Colour.hex("f5f1e8"));
    s.gradient(
        Shape.box(x - half, 0.1 * h, x + half, 0.46 * h),
        Colour.hex("bfe0f2"),
        Colour.hex("eef6ee"),
        0.1 * h,
        0.46 * h);
    s.fill(Shape.box(x - 2, 0.1 * h, x + 2, 0.46 * h), Colour.hex("f5f1e8"));
    s.fill(Shape.box(x - half, 0.27 * h, x + half, 0.28 * h), Colour.hex("f5f1e8"));
    s.glow(
        Shape.ellipse(new Vec(x, 0.3 * h), 0.3 * h, 0.34 * h, 0),
        Colour.hex("fff6dd"),
        0.35,
        0.1 * h);
  }

  private static void picture(Scenery s, RandomChoices random, double x, double h) {
    double half = 0.09 * h;
    double y = 0.16 * h;
    s.fill(Shape.box(x - half - 4, y - 4, x + half + 4, y + 2.6 * half + 4), Colour.hex("5a4636"));
    s.fill(Shape.box(x - half, y, x + half, y + 2.6 * half), Colour.hex("f1e9d8"));
    Colour a = Colour.hex(random.pick("d0674f", "e0ad4e", "4f7f86"));
    s.fill(Shape.disc(new Vec(x, y + 0.9 * half), 0.42 * half), a);
    s.fill(
        Shape.ellipse(new Vec(x, y + 2.1 * half), 0.8 * half, 0.35 * half, 0),
        Colour.hex("7d8f73"));
  }

  private static void plant(Scenery s, RandomChoices random, double x, double floor, double h) {
    double base = floor + 0.03 * h;
    Colour leaf = Colour.hex(random.pick("5d8a5f", "4c7a68", "7a9a55"));
    for (int i = -3; i <= 3; i++) {
      Vec root = new Vec(x, base - 0.1 * h);
      Vec tip = root.plus(new Vec(0.035 * h * i, -0.2 * h + 0.018 * h * Math.abs(i)));
      Vec mid = root.towards(tip, 0.55).plus(0.012 * h * i, 0);
      Shape blade =
          new Outline()
              .corner(root.x(), root.y())
              .smooth(mid.x(), mid.y())
              .corner(tip.x(), tip.y())
              .stroked(v -> v, 0.014 * h, 0.003 * h);
      s.fill(blade, i % 2 == 0 ? leaf : leaf.darker(0.15));
    }
    s.fill(
        new Outline()
            .corner(x - 0.05 * h, base - 0.1 * h)
            .corner(x + 0.05 * h, base - 0.1 * h)
            .corner(x + 0.036 * h, base)
            .corner(x - 0.036 * h, base)
            .filled(),
        Colour.hex("c47f5a"));
  }

  private static void lamp(Scenery s, double x, double floor, double h) {
    s.fill(Shape.box(x - 2, floor - 0.5 * h, x + 2, floor + 0.02 * h), Colour.hex("6b5a4a"));
    s.fill(
        Shape.ellipse(new Vec(x, floor + 0.02 * h), 0.05 * h, 0.012 * h, 0), Colour.hex("6b5a4a"));
    s.glow(Shape.disc(new Vec(x, floor - 0.5 * h), 0.13 * h), Colour.hex("ffedb8"), 0.6, 0.06 * h);
    s.fill(
        new Outline()
            .corner(x - 0.045 * h, floor - 0.57 * h)
            .corner(x + 0.045 * h, floor - 0.57 * h)
            .corner(x + 0.075 * h, floor - 0.46 * h)
            .corner(x - 0.075 * h, floor - 0.46 * h)
            .filled(),
        Colour.hex("f8e7bd"));
  }
}

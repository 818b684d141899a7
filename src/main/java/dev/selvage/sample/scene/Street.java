package dev.selvage.sample.scene;

import dev.selvage.sample.paint.Colour;
import dev.selvage.sample.paint.Outline;
import dev.selvage.sample.paint.RandomChoices;
import dev.selvage.sample.paint.Shape;
import dev.selvage.sample.paint.Vec;

/** House fronts, a lamp post and the pavement. */
final class Street implements Backdrop {
  @Override
  public void paint(Scenery s, RandomChoices random, double floor) {
    double w = s.width();
    double h = s.height();
    s.gradient(s.everything(), Colour.hex("b8d3e6"), Colour.hex("f6e6d3"), 0, floor);
    double x = -random.between(0, 0.15) * w;
    while (x < w) {
      double wide = h * random.between(0.2, 0.32);
      house(s, random, x, x + wide, h * random.between(0.04, 0.3), floor);
      x += wide;
    }
    Colour pavement = Colour.hex(random.pick("b5b0a8", "a7a9ab", "bfb3a3"));
    s.gradient(Shape.box(0, floor, w, h), pavement.darker(0.1), pavement.lighter(0.12), floor, h);
    for (int i = 1; i < 5; i++) {
      double y = floor + (h - floor) * i * i / 18.0;
      s.fill(Shape.box(0, y, w, y + 1.5), pavement.darker(0.3), 0.4);
    }
    if (random.chance(0.6)) {
      double at =
          w * (random.chance(0.5) ? random.between(0.06, 0.16) : random.between(0.84, 0.94));
      s.fill(Shape.box(at - 3, 0.2 * h, at + 3, floor + 0.03 * h), Colour.hex("3f4a4c"));
      s.fill(Shape.disc(new Vec(at, 0.19 * h), 0.026 * h), Colour.hex("fff0c0"));
    }
    s.soften(0.006);
  }

  private static void house(
      Scenery s, RandomChoices random, double x1, double x2, double top, double floor) {
    Colour front =
        Colour.hex(random.pick("d9b79a", "c99a86", "b7c0c4", "dccfae", "a8b7a4", "cdb0b3"));
    s.gradient(Shape.box(x1, top, x2, floor), front.lighter(0.12), front, top, floor);
    s.fill(Shape.box(x1 - 2, top - 6, x2 + 2, top + 4), front.darker(0.3));
    double wide = x2 - x1;
    double shop = floor - 0.62 * wide;
    for (double y = top + 0.16 * wide; y + 0.36 * wide < shop; y += 0.5 * wide) {
      for (int i = 0; i < 2; i++) {
        double left = x1 + wide * (0.16 + 0.4 * i);
        s.fill(
            Shape.box(left - 2, y - 2, left + 0.28 * wide + 2, y + 0.32 * wide + 2),
            front.lighter(0.45));
        s.gradient(
            Shape.box(left, y, left + 0.28 * wide, y + 0.32 * wide),
            Colour.hex("6f8aa0"),
            Colour.hex("a9c0cc"),
            y,
            y + 0.32 * wide);
      }
    }
    Colour sign = Colour.hex(random.pick("b5574a", "4f7a72", "d2a24c", "51648a"));
    s.fill(
        Shape.box(x1 + 0.08 * wide, shop + 0.16 * wide, x2 - 0.08 * wide, floor),
        front.darker(0.5));
    s.fill(
        Shape.box(x1 + 0.14 * wide, shop + 0.2 * wide, x2 - 0.14 * wide, floor - 0.1 * wide),
        Colour.hex("dfe6df"));
    s.fill(
        new Outline()
            .corner(x1 + 0.08 * wide, shop)
            .corner(x2 - 0.08 * wide, shop)
            .corner(x2, shop + 0.2 * wide)
            .corner(x1, shop + 0.2 * wide)
            .filled(),
        sign);
  }
}

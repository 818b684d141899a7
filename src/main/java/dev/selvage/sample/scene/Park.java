package dev.selvage.sample.scene;

import dev.selvage.sample.paint.Colour;
import dev.selvage.sample.paint.Outline;
import dev.selvage.sample.paint.RandomChoices;
import dev.selvage.sample.paint.Shape;
import dev.selvage.sample.paint.Vec;

/** Sky, trees and a path. */
final class Park implements Backdrop {
  @Override
  public void paint(Scenery s, RandomChoices random, double floor) {
    double w = s.width();
    double h = s.height();
    s.gradient(s.everything(), Colour.hex("a9d0ea"), Colour.hex("eef3e2"), 0, floor);
    for (int i = 0; i < 3; i++) {
      Vec c = new Vec(w * random.between(0, 1), h * random.between(0.06, 0.26));
      Shape cloud =
          Shape.ellipse(c, 0.11 * w, 0.022 * h, 0)
              .and(Shape.disc(c.plus(-0.03 * w, -0.015 * h), 0.03 * h))
              .and(Shape.disc(c.plus(0.03 * w, -0.012 * h), 0.024 * h));
      s.glow(cloud, Colour.WHITE, 0.8, 0.006 * h);
    }
    Colour hill = Colour.hex(random.pick("a8c3a0", "b7c79a", "9dbdaa"));
    s.fill(Shape.ellipse(new Vec(w * 0.2, floor), 0.7 * w, 0.14 * h, 0), hill.lighter(0.2));
    s.fill(Shape.ellipse(new Vec(w * 0.85, floor), 0.6 * w, 0.2 * h, 0), hill);
    for (int i = 0; i < 5; i++) {
      double x = w * (i + random.between(0, 0.9)) / 5;
      tree(s, random, x, floor + 0.005 * h, h * random.between(0.2, 0.42));
    }
    Colour grass = Colour.hex(random.pick("8fb46c", "9fb873", "7fa96f"));
    s.gradient(Shape.box(0, floor, w, h), grass.lighter(0.15), grass.darker(0.12), floor, h);
    if (random.chance(0.7)) {
      double at = w * random.between(0.35, 0.65);
      Shape path =
          new Outline()
              .corner(at - 0.07 * w, floor)
              .corner(at + 0.07 * w, floor)
              .corner(w * 0.5 + 0.42 * w, h)
              .corner(w * 0.5 - 0.42 * w, h)
              .filled();
      s.gradient(path, Colour.hex("e2d3b0"), Colour.hex("d2bf97"), floor, h);
    }
    s.soften(0.006);
  }

  private static void tree(Scenery s, RandomChoices random, double x, double ground, double high) {
    Colour leaf = Colour.hex(random.pick("6f9a5b", "5c8a63", "88a85a", "b5a04d"));
    s.fill(
        Shape.box(x - 0.035 * high, ground - 0.45 * high, x + 0.035 * high, ground),
        Colour.hex("7c6148"));
    Vec c = new Vec(x, ground - 0.66 * high);
    s.fill(Shape.ellipse(c, 0.3 * high, 0.36 * high, 0), leaf.darker(0.1));
    s.fill(
        Shape.ellipse(c.plus(-0.05 * high, -0.05 * high), 0.22 * high, 0.27 * high, 0),
        leaf.lighter(0.1));
  }
}

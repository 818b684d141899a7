package dev.selvage.sample.scene;

import dev.selvage.sample.paint.Colour;
import dev.selvage.sample.paint.RandomChoices;
import dev.selvage.sample.paint.Shape;
import dev.selvage.sample.paint.Vec;

/** A brick or painted wall above pavement. */
final class Wall implements Backdrop {
  @Override
  public void paint(Scenery s, RandomChoices random, double floor) {
    double w = s.width();
    double h = s.height();
    Colour wall =
        Colour.hex(random.pick("b98a74", "c7b8a5", "a9b3ad", "d6bfa2", "9fa9b8", "c4a69d"));
    s.gradient(Shape.box(0, 0, w, floor), wall.lighter(0.14), wall.darker(0.1), 0, floor);
    if (random.chance(0.65)) {
      bricks(s, random, floor, wall);
    } else {
      double rail = floor - 0.3 * h;
      s.gradient(Shape.box(0, rail, w, floor), wall.darker(0.22), wall.darker(0.3), rail, floor);
      s.fill(Shape.box(0, rail - 0.012 * h, w, rail), wall.lighter(0.4));
    }
    Colour ground = Colour.hex(random.pick("9b968f", "a89c8d", "8c9094"));
    s.gradient(Shape.box(0, floor, w, h), ground.darker(0.15), ground.lighter(0.12), floor, h);
    s.fill(Shape.box(0, floor - 0.006 * h, w, floor + 0.008 * h), wall.darker(0.45), 0.6);
    for (int i = -4; i < 6; i++) {
      Vec far = new Vec(w * (0.5 + 0.16 * i), floor);
      Vec near = new Vec(w * (0.5 + 0.34 * i), h);
      s.fill(Shape.sweep(new Vec[] {far, near}, new double[] {0.6, 1.4}), ground.darker(0.3), 0.5);
    }
    s.soften(0.004);
    double side = random.chance(0.5) ? 0 : 1;
    s.glow(
        Shape.ellipse(new Vec(w * side, 0), 0.8 * w, 0.6 * h, 0),
        Colour.hex("fff3d6"),
        0.4,
        0.2 * h);
  }

  private static void bricks(Scenery s, RandomChoices random, double floor, Colour wall) {
    double high = Math.max(10, 0.036 * s.height());
    double wide = 2.5 * high;
    int row = 0;
    for (double y = floor - high; y > -high; y -= high, row++) {
      for (double x = row % 2 * wide / 2 - wide; x < s.width(); x += wide) {
        double tone = random.between(-0.05, 0.16);
        s.fill(
            Shape.box(x + 1, y + 1, x + wide - 1, y + high - 1),
            tone > 0 ? wall.darker(tone) : wall.lighter(-tone),
            0.75);
      }
    }
  }
}

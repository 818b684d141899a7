package dev.selvage.sample.scene;

import dev.selvage.sample.paint.Colour;
import dev.selvage.sample.paint.RandomChoices;
import dev.selvage.sample.paint.Shape;
import dev.selvage.sample.paint.Vec;

/** A roll of coloured paper under soft light. */
final class Studio implements Backdrop {
  @Override
  public void paint(Scenery s, RandomChoices random, double floor) {
    Colour paper =
        Colour.hex(
            random.pick(
                "d9d4cc", "c9d3d9", "e3cfc4", "cfd8c8", "d8cde0", "e9dcc0", "b9c4c9", "e8c9c1"));
    double w = s.width();
    double h = s.height();
    s.gradient(s.everything(), paper.darker(0.12), paper, 0, floor);
    s.glow(
        Shape.ellipse(new Vec(w * random.between(0.35, 0.65), h * 0.42), w * 0.42, h * 0.36, 0),
        paper.lighter(0.55),
        0.75,
        0.16 * h);
    s.gradient(Shape.box(0, floor, w, h), paper.lighter(0.16), paper.darker(0.1), floor, h);
    s.glow(
        Shape.box(-w, floor - 0.03 * h, 2 * w, floor + 0.03 * h),
        paper.lighter(0.1),
        0.8,
        0.05 * h);
    if (random.chance(0.35)) {
      double x = w * (random.chance(0.5) ? 0.12 : 0.88);
      double r = w * random.between(0.09, 0.15);
      s.fill(
          Shape.disc(new Vec(x, floor + 0.04 * h - r), r), paper.mix(Colour.hex("a05a4a"), 0.35));
    }
    s.soften(0.003);
  }
}

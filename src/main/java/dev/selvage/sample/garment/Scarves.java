package dev.selvage.sample.garment;

import dev.selvage.sample.body.Skeleton;
import dev.selvage.sample.label.Kind;
import dev.selvage.sample.paint.Fabric;
import dev.selvage.sample.paint.Frame;
import dev.selvage.sample.paint.Outline;
import dev.selvage.sample.paint.Painter;
import dev.selvage.sample.paint.Shape;

/** A scarf around the neck with one or two ends. */
public final class Scarves {
  private Scarves() {}

  public static void draw(Painter p, Skeleton s, Fabric wool) {
    int layer = p.layers.garment(Kind.SCARF, wool.pattern());
    int side = s.pose.turn() > 0 ? 1 : -1;
    for (int i = 0; i < 2; i++) {
      double x = side * (i == 0 ? 4.4 : 1.2);
      double end = i == 0 ? 0.42 : 0.54;
      Shape tail =
          new Outline()
              .corner(x - 2.1, 1.0)
              .corner(x + 2.1, 1.0)
              .smooth(x + 2.3, 0.75)
              .corner(x + 2.6 + side * 0.4, end)
              .corner(x - 2.4 + side * 0.4, end - 0.015)
              .smooth(x - 2.3, 0.75)
              .filled(s::trunk);
      p.fill(layer, tail, wool.toned(i == 0 ? 0.12 : 0), s.trunkFrame(), 1.5);
      Outline hem =
          new Outline()
              .corner(x + side * 0.4 - 2.4, end + 0.04)
              .corner(x + side * 0.4 + 2.6, end + 0.05);
      p.detail(layer, hem.stroked(s::trunk, 0.22, 0.22), wool.base().darker(0.4), 0.7);
    }
    Shape wrap =
        new Outline()
            .smooth(-6.3, 1.08)
            .smooth(-4.4, 1.17)
            .smooth(0, 1.12)
            .smooth(4.4, 1.17)
            .smooth(6.3, 1.08)
            .smooth(5.4, 0.93)
            .smooth(0, 0.83)
            .smooth(-5.4, 0.93)
            .filled(s::trunk);
    p.fill(layer, wrap, wool, Frame.along(s.trunk(-6, 1), s.trunk(6, 1)), 1.8);
    for (int i = -1; i <= 1; i += 2) {
      Outline fold =
          new Outline()
              .corner(i * 5.6, 1.06)
              .smooth(i * 2.5, 0.97 + 0.02 * i)
              .corner(-i * 1.5, 0.95);
      p.detail(layer, fold.stroked(s::trunk, 0.32, 0.08), wool.base().darker(0.45), 0.55);
    }
  }
}

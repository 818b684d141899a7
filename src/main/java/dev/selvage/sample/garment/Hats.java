package dev.selvage.sample.garment;

import dev.selvage.sample.body.Skeleton;
import dev.selvage.sample.label.Kind;
import dev.selvage.sample.paint.Fabric;
import dev.selvage.sample.paint.Frame;
import dev.selvage.sample.paint.Outline;
import dev.selvage.sample.paint.Painter;
import dev.selvage.sample.paint.Shape;
import dev.selvage.sample.paint.Textures;

/** Hats. */
public final class Hats {
  /** Kinds of hats. */
  enum Style {
    BEANIE,
    FEDORA,
    CAP,
    BUCKET
  }

  private Hats() {}

  public static void draw(Painter p, Skeleton s, Style style, Fabric cloth) {
    int layer = p.layers.garment(Kind.HAT, cloth.pattern());
    Frame frame = Frame.along(s.head(0, 8), s.head(0, 0));
    switch (style) {
      case BEANIE -> beanie(p, s, layer, cloth, frame);
      case FEDORA -> fedora(p, s, layer, cloth, frame);
      case CAP -> cap(p, s, layer, cloth, frame);
      case BUCKET -> bucket(p, s, layer, cloth, frame);
    }
  }

  private static void beanie(Painter p, Skeleton s, int layer, Fabric cloth, Frame frame) {
    p.fill(layer, Shape.disc(s.head(0, 13.6), 2.5), cloth.toned(-0.35), frame, 1.8);
    Shape dome =
        new Outline()
            .corner(-7.4, 3.6)
            .smooth(-7.0, 8.4)
            .smooth(0, 12.8)
            .smooth(7.0, 8.4)
            .corner(7.4, 3.6)
            .smooth(0, 4.4)
            .filled(s::head);
    p.fill(layer, dome, cloth, frame, 3);
    Shape brim =
        new Outline()
            .corner(-7.7, 6.2)
            .smooth(0, 7.2)
            .corner(7.7, 6.2)
            .corner(7.6, 2.4)
            .smooth(0, 3.4)
            .corner(-7.6, 2.4)
            .filled(s::head);
    Fabric rib = new Fabric(Textures.RIB, cloth.base(), cloth.base().darker(0.3), cloth.pattern());
    p.fill(layer, brim, rib, frame, 1.6);
  }

  private static void fedora(Painter p, Skeleton s, int layer, Fabric cloth, Frame frame) {
    Shape crown =
        new Outline()
            .corner(-6.9, 4.2)
            .smooth(-6.4, 9.6)
            .smooth(-3.4, 13.4)
            .smooth(0, 12.4)
            .smooth(3.4, 13.4)
            .smooth(6.4, 9.6)
            .corner(6.9, 4.2)
            .filled(s::head);
    p.fill(layer, crown, cloth, frame, 2.6);
    Shape ribbon =
        new Outline()
            .corner(-6.9, 6.8)
            .smooth(0, 7.4)
            .corner(6.9, 6.8)
            .corner(6.9, 4.4)
            .smooth(0, 4.8)
            .corner(-6.9, 4.4)
            .filled(s::head);
    p.detail(layer, ribbon, cloth.base().darker(0.55), 1);
    Shape brim =
        new Outline()
            .smooth(-13, 4.4)
            .smooth(-6.5, 5.2)
            .smooth(0, 5.6)
            .smooth(6.5, 5.2)
            .smooth(13, 4.4)
            .smooth(7, 2.7)
            .smooth(0, 2.3)
            .smooth(-7, 2.7)
            .filled(s::head);
    p.fill(layer, brim, cloth, frame, 1.4);
  }

  private static void cap(Painter p, Skeleton s, int layer, Fabric cloth, Frame frame) {
    double side = s.pose.turn() < 0 ? -1 : 1;
    Shape dome =
        new Outline()
            .corner(-7.4, 3.2)
            .smooth(-6.9, 8)
            .smooth(0, 11.6)
            .smooth(6.9, 8)
            .corner(7.4, 3.2)
            .smooth(0, 4.2)
            .filled(s::head);
    p.fill(layer, dome, cloth, frame, 2.8);
    p.detail(layer, Shape.disc(s.head(side * 0.6, 11.4), 0.7), cloth.base().darker(0.4), 1);
    Outline seam = new Outline().corner(side * 0.5, 11.4).smooth(side * 1.8, 8).corner(side * 2, 4);
    p.detail(layer, seam.stroked(s::head, 0.14, 0.14), cloth.base().darker(0.45), 0.8);
    Shape visor =
        new Outline()
            .corner(side * -5.6, 4.4)
            .smooth(side * 2, 5.3)
            .smooth(side * 9, 4.4)
            .smooth(side * 13.2, 2.5)
            .smooth(side * 11, 1.6)
            .smooth(side * 3, 2.6)
            .filled(s::head);
    p.fill(layer, visor, cloth.unpatterned().toned(0.15), frame, 1.3);
  }

  private static void bucket(Painter p, Skeleton s, int layer, Fabric cloth, Frame frame) {
    Shape crown =
        new Outline()
            .corner(-7.0, 4.6)
            .smooth(-6.2, 10.4)
            .smooth(0, 11.8)
            .smooth(6.2, 10.4)
            .corner(7.0, 4.6)
            .filled(s::head);
    p.fill(layer, crown, cloth, frame, 2.6);
    Shape brim =
        new Outline()
            .corner(-7.0, 6.2)
            .smooth(0, 6.9)
            .corner(7.0, 6.2)
            .corner(10.6, 2.4)
            .smooth(0, 3.3)
            .corner(-10.6, 2.4)
            .filled(s::head);
    p.fill(layer, brim, cloth, frame, 1.8);
  }
}

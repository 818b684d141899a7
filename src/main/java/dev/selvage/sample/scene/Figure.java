package dev.selvage.sample.scene;

import dev.selvage.sample.body.Face;
import dev.selvage.sample.body.Hair;
import dev.selvage.sample.body.Skeleton;
import dev.selvage.sample.body.Skin;
import dev.selvage.sample.garment.Bags;
import dev.selvage.sample.garment.Belts;
import dev.selvage.sample.garment.Bottoms;
import dev.selvage.sample.garment.Eyewear;
import dev.selvage.sample.garment.Hats;
import dev.selvage.sample.garment.Outerwear;
import dev.selvage.sample.garment.Outfit;
import dev.selvage.sample.garment.Scarves;
import dev.selvage.sample.garment.Shoes;
import dev.selvage.sample.garment.Sleeves;
import dev.selvage.sample.garment.Tops;
import dev.selvage.sample.label.Kind;
import dev.selvage.sample.paint.Fabric;
import dev.selvage.sample.paint.Painter;
import dev.selvage.sample.paint.Shape;
import dev.selvage.sample.paint.Vec;

/** One dressed person: what is painted over what. */
final class Figure {
  private final Painter p;
  private final Skeleton s;
  private final Outfit o;
  private final int upper;
  private final int outer;

  private Figure(Painter painter, Skeleton skeleton, Outfit outfit) {
    p = painter;
    s = skeleton;
    o = outfit;
    upper = Tops.layer(p.layers, o.upper());
    outer = o.outer() == null ? 0 : Outerwear.layer(p.layers, o.outer());
  }

  static void draw(Painter painter, Skeleton skeleton, Outfit outfit) {
    new Figure(painter, skeleton, outfit).draw();
  }

  private void draw() {
    for (int side = 0; side < 2; side++) {
      Vec sole = s.leg(side).end().plus(2.5 * s.pose.toes()[side], -4.4);
      p.shadow(Shape.ellipse(sole, 8, 1.7, 0), 0.4, 1.1);
    }
    Hair.behind(p, s);
    arms(true);
    int back = s.rearLeg();
    for (int side : new int[] {back, 1 - back}) {
      Skin.leg(p, s, side);
      Shoes.draw(p, s, side, o.extras().shoes(), o.extras().shoe());
    }
    Skin.trunk(p, s);
    clothes();
    bag();
    arms(false);
    if (o.extras().scarf() != null) {
      Scarves.draw(p, s, o.extras().scarf());
    }
    head();
  }

  private void arms(boolean behind) {
    for (int side = 0; side < 2; side++) {
      if (s.pose.behind()[side] == behind) {
        Skin.arm(p, s, side);
        sleeve(side);
      }
    }
  }

  private void sleeve(int side) {
    if (o.outer() != null) {
      double bulk = o.outer().kind() == Kind.COAT ? 1.6 : 1.3;
      Sleeves.draw(p, s, side, outer, o.outer().fabric(), true, bulk);
    } else if (o.upper().sleeves() != Outfit.Sleeves.NONE) {
      boolean isLong = o.upper().sleeves() == Outfit.Sleeves.LONG;
      Sleeves.draw(p, s, side, upper, o.upper().fabric(), isLong, isLong ? 0.8 : 1.0);
    }
  }

  private void clothes() {
    if (o.upper().tucked()) {
      Tops.draw(p, s, o.upper(), upper);
    }
    if (o.lower() != null) {
      Bottoms.draw(p, s, o.lower());
    }
    if (!o.upper().tucked()) {
      Tops.draw(p, s, o.upper(), upper);
    }
    Fabric belt = o.extras().belt();
    boolean closed = o.outer() != null && !o.outer().open();
    if (belt != null && !closed) {
      Belts.draw(p, s, belt, o.lower() == null ? 0.33 : 0.25, 0.9);
    }
    if (o.outer() != null) {
      Outerwear.draw(p, s, o.outer(), outer);
    }
    if (belt != null && closed) {
      Belts.draw(p, s, belt, 0.33, 2.2);
    }
  }

  private void bag() {
    Outfit.Extras e = o.extras();
    if (e.bag() == Bags.Style.CROSSBODY) {
      Bags.crossbody(p, s, e);
    } else if (e.bag() != null) {
      Bags.carried(p, s, e);
    }
  }

  private void head() {
    Face.draw(p, s);
    Hair.over(p, s, o.extras().hat() != null);
    if (o.extras().glasses() != null) {
      Eyewear.draw(p, s, o.extras().glasses(), o.extras().frame());
    }
    if (o.extras().hat() != null) {
      Hats.draw(p, s, o.extras().hat(), o.extras().hatCloth());
    }
  }
}

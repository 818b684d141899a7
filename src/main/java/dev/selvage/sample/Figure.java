package dev.selvage.sample;

/** One dressed person: who lies over whom. */
final class Figure {
  private final Painter p;
  private final Skeleton s;
  private final Outfit o;

  /** The layer of the garment that the sleeves belong to; 0 for bare arms. */
  private int sleeved;

  private Figure(Painter painter, Skeleton skeleton, Outfit outfit) {
    p = painter;
    s = skeleton;
    o = outfit;
  }

  static void draw(Painter painter, Skeleton skeleton, Outfit outfit) {
    new Figure(painter, skeleton, outfit).draw();
  }

  private void draw() {
    for (int side = 0; side < 2; side++) {
      Vec sole = s.legs[side].end().plus(2.5 * s.pose.toes()[side], -4.4);
      p.shadow(Shape.ellipse(sole, 8, 1.7, 0), 0.4, 1.1);
    }
    Hair.behind(p, s);
    for (int side = 0; side < 2; side++) {
      if (s.pose.behind()[side]) {
        bareArm(side);
      }
    }
    int back = s.legs[0].end().y() > s.legs[1].end().y() ? 0 : 1;
    for (int side : new int[] {back, 1 - back}) {
      Bare.leg(p, s, side);
      Shoes.draw(p, s, side, o.extras().shoes(), o.extras().shoe());
    }
    Bare.trunk(p, s);
    clothes();
    bag();
    for (int side = 0; side < 2; side++) {
      if (!s.pose.behind()[side]) {
        bareArm(side);
        sleeve(side);
        Bare.hand(p, s, side);
      }
    }
    if (o.extras().scarf() != null) {
      Scarves.draw(p, s, o.extras().scarf());
    }
    head();
  }

  /** Arms behind the body are drawn whole before it, so their sleeves hang on its edge. */
  private void bareArm(int side) {
    Bare.arm(p, s, side);
  }

  private void clothes() {
    Outfit.Upper u = o.upper();
    int upper;
    if (o.lower() != null && u.tucked()) {
      upper = Tops.draw(p, s, u);
      Bottoms.draw(p, s, o.lower());
    } else {
      if (o.lower() != null) {
        Bottoms.draw(p, s, o.lower());
      }
      upper = Tops.draw(p, s, u);
    }
    if (u.kind() == Kind.SHIRT) {
      Collars.shirt(p, s, upper, u.fabric());
    }
    if (o.extras().belt() != null && o.outer() == null
        || o.extras().belt() != null && o.outer().open()) {
      Belts.draw(p, s, o.extras().belt(), u.kind() == Kind.DRESS ? 0.33 : 0.25, 0.9);
    }
    sleeved = u.sleeves() == Outfit.Sleeves.NONE ? 0 : upper;
    if (o.outer() != null) {
      sleeved = Outerwear.draw(p, s, o.outer());
      if (o.extras().belt() != null && !o.outer().open()) {
        Belts.draw(p, s, o.extras().belt(), 0.33, 2.2);
      }
    }
  }

  private void sleeve(int side) {
    if (sleeved == 0) {
      return;
    }
    if (o.outer() != null) {
      double bulk = o.outer().kind() == Kind.COAT ? 1.7 : 1.4;
      Sleeves.draw(p, s, side, sleeved, o.outer().fabric(), true, bulk);
    } else {
      boolean isLong = o.upper().sleeves() == Outfit.Sleeves.LONG;
      Sleeves.draw(p, s, side, sleeved, o.upper().fabric(), isLong, isLong ? 0.9 : 1.1);
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

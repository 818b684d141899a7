package dev.selvage.sample;

/** Chooses what a figure wears. */
final class Tailor {
  private Tailor() {}

  static Outfit dress(Dice dice) {
    double what = dice.between(0, 1);
    Outfit.Outer outer = null;
    Kind outerKind = what < 0.24 ? Kind.JACKET : what < 0.48 ? Kind.COAT : null;
    Colour over = null;
    if (outerKind != null) {
      outer = outer(dice, outerKind);
      over = outer.fabric().base();
    }
    boolean dressed = outer == null && dice.chance(0.38);
    Outfit.Upper upper = dressed ? gown(dice) : top(dice, outer, over);
    Outfit.Lower lower = dressed ? null : lower(dice, outer, upper.fabric().base(), over);
    Colour ground = over != null ? over : upper.fabric().base();
    Colour below = lower == null ? upper.fabric().base() : lower.fabric().base();
    boolean waist =
        (outer == null || outer.kind() == Kind.COAT || outer.open())
            && (dressed || upper.tucked() || outer != null && !outer.open());
    Fabric belt =
        waist && dice.chance(0.62)
            ? Fabric.plain(Palette.leather(dice, outer != null && !outer.open() ? ground : below))
            : null;
    Colour shoe = dice.chance(0.5) ? Palette.leather(dice, below) : Palette.cloth(dice, below);
    boolean warm = outer != null;
    Fabric hatCloth =
        dice.chance(0.5) ? Palette.wool(dice, null) : Fabric.plain(Palette.cloth(dice, null));
    return new Outfit(
        upper,
        lower,
        outer,
        new Outfit.Extras(
            belt,
            dice.pick(Shoes.Style.values()),
            Fabric.plain(shoe),
            dice.chance(0.36) ? dice.pick(Hats.Style.values()) : null,
            hatCloth,
            dice.chance(0.36) ? dice.pick(Eyewear.Style.values()) : null,
            dice.pick(Colour.hex("25222a"), Colour.hex("7a3f1d"), Colour.hex("8f1f2b")),
            dice.chance(warm ? 0.42 : 0.16) ? Palette.wool(dice, ground) : null,
            dice.chance(0.46) ? dice.pick(Bags.Style.values()) : null,
            dice.chance(0.7)
                ? Fabric.plain(Palette.leather(dice, ground))
                : Palette.patterned(dice, ground),
            dice.whole(0, 1)));
  }

  private static Outfit.Outer outer(Dice dice, Kind kind) {
    boolean coat = kind == Kind.COAT;
    Fabric fabric =
        coat
            ? Palette.wool(dice, null)
            : dice.chance(0.4) ? Palette.denim(dice) : Fabric.plain(Palette.cloth(dice, null));
    return new Outfit.Outer(
        kind,
        fabric,
        dice.chance(coat ? 0.4 : 0.65),
        dice.chance(0.75),
        coat ? dice.between(-0.85, -0.55) : dice.between(-0.1, -0.02));
  }

  private static Outfit.Upper gown(Dice dice) {
    double sleeves = dice.between(0, 1);
    return new Outfit.Upper(
        Kind.DRESS,
        Palette.patterned(dice, null),
        sleeves < 0.3
            ? Outfit.Sleeves.NONE
            : sleeves < 0.75 ? Outfit.Sleeves.SHORT : Outfit.Sleeves.LONG,
        dice.chance(0.4),
        false,
        false,
        dice.between(-0.95, -0.45));
  }

  private static Outfit.Upper top(Dice dice, Outfit.Outer outer, Colour over) {
    boolean shirt = dice.chance(0.5);
    boolean isLong = dice.chance(shirt ? 0.65 : 0.3);
    Fabric fabric =
        !shirt && isLong && dice.chance(0.6)
            ? Palette.knit(dice, over)
            : Palette.patterned(dice, over);
    return new Outfit.Upper(
        shirt ? Kind.SHIRT : Kind.TOP,
        fabric,
        isLong ? Outfit.Sleeves.LONG : Outfit.Sleeves.SHORT,
        !shirt && dice.chance(0.3),
        outer == null && dice.chance(0.35),
        dice.chance(0.55),
        0);
  }

  private static Outfit.Lower lower(Dice dice, Outfit.Outer outer, Colour top, Colour over) {
    boolean coat = outer != null && outer.kind() == Kind.COAT;
    double what = dice.between(0, 1);
    Kind kind =
        coat ? Kind.PANTS : what < 0.38 ? Kind.PANTS : what < 0.68 ? Kind.SHORTS : Kind.SKIRT;
    Colour unlike = over != null ? over : top;
    Fabric fabric =
        kind != Kind.SKIRT && dice.chance(0.4)
            ? Palette.denim(dice)
            : kind == Kind.SKIRT
                ? Palette.patterned(dice, unlike)
                : Fabric.plain(Palette.cloth(dice, unlike));
    double length =
        switch (kind) {
          case PANTS -> dice.between(0.86, 0.97);
          case SHORTS -> dice.between(0.32, 0.46);
          default -> dice.between(-0.85, -0.4);
        };
    return new Outfit.Lower(kind, fabric, dice.between(0, 1), length, !coat && dice.chance(0.7));
  }
}

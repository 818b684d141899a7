package dev.selvage.sample.garment;

import dev.selvage.sample.label.Kind;
import dev.selvage.sample.paint.Colour;
import dev.selvage.sample.paint.Fabric;
import dev.selvage.sample.paint.Palette;
import dev.selvage.sample.paint.RandomChoices;

/** Chooses what a figure wears. */
public final class OutfitGenerator {
  private OutfitGenerator() {}

  public static Outfit dress(RandomChoices dice) {
    Outfit.Outer outer = dice.chance(0.48) ? outer(dice) : null;
    Colour over = outer == null ? null : outer.fabric().base();
    boolean dressed = outer == null && dice.chance(0.38);
    Outfit.Upper upper = dressed ? gown(dice) : top(dice, outer, over);
    Outfit.Lower lower = dressed ? null : lower(dice, outer, upper.fabric().base(), over);
    return new Outfit(upper, lower, outer, extras(dice, upper, lower, outer));
  }

  private static Outfit.Extras extras(
      RandomChoices dice, Outfit.Upper upper, Outfit.Lower lower, Outfit.Outer outer) {
    Colour outside = (outer == null ? upper.fabric() : outer.fabric()).base();
    Colour below = (lower == null ? upper.fabric() : lower.fabric()).base();
    Fabric belt = null;
    if (hasWaist(upper, outer) && dice.chance(0.62)) {
      boolean onCoat = outer != null && !outer.open();
      belt = Fabric.plain(Palette.leather(dice, onCoat ? outside : below));
    }
    Colour shoe = dice.chance(0.5) ? Palette.leather(dice, below) : Palette.cloth(dice, below);
    return new Outfit.Extras(
        belt,
        dice.pick(Shoes.Style.values()),
        Fabric.plain(shoe),
        dice.chance(0.36) ? dice.pick(Hats.Style.values()) : null,
        Palette.wool(dice, null),
        dice.chance(0.36) ? dice.pick(Eyewear.Style.values()) : null,
        dice.pick(Colour.hex("25222a"), Colour.hex("7a3f1d"), Colour.hex("8f1f2b")),
        dice.chance(outer != null ? 0.42 : 0.16) ? Palette.wool(dice, outside) : null,
        dice.chance(0.46) ? dice.pick(Bags.Style.values()) : null,
        dice.chance(0.7)
            ? Fabric.plain(Palette.leather(dice, outside))
            : Palette.patterned(dice, outside),
        dice.whole(0, 1));
  }

  /** Whether a belt would be seen: on a closed coat, or where nothing hangs over the waist. */
  private static boolean hasWaist(Outfit.Upper upper, Outfit.Outer outer) {
    if (outer != null && !outer.open()) {
      return outer.kind() == Kind.COAT;
    }
    return upper.kind() == Kind.DRESS || upper.tucked();
  }

  private static Outfit.Outer outer(RandomChoices dice) {
    if (dice.chance(0.5)) {
      return new Outfit.Outer(
          Kind.COAT,
          Palette.wool(dice, null),
          dice.chance(0.4),
          dice.chance(0.75),
          dice.between(-0.85, -0.55));
    }
    return new Outfit.Outer(
        Kind.JACKET,
        dice.chance(0.4) ? Palette.denim(dice) : Fabric.plain(Palette.cloth(dice, null)),
        dice.chance(0.65),
        dice.chance(0.75),
        dice.between(-0.1, -0.02));
  }

  private static Outfit.Upper gown(RandomChoices dice) {
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

  private static Outfit.Upper top(RandomChoices dice, Outfit.Outer outer, Colour over) {
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

  private static Outfit.Lower lower(
      RandomChoices dice, Outfit.Outer outer, Colour top, Colour over) {
    Colour unlike = over == null ? top : over;
    boolean coat = outer != null && outer.kind() == Kind.COAT;
    double what = coat ? 0 : dice.between(0, 1); // a coat would hide all but pants
    if (what >= 0.66) {
      return new Outfit.Lower(
          Kind.SKIRT,
          Palette.patterned(dice, unlike),
          dice.between(0, 1),
          dice.between(-0.85, -0.4),
          dice.chance(0.7));
    }
    boolean shorts = what >= 0.34;
    return new Outfit.Lower(
        shorts ? Kind.SHORTS : Kind.PANTS,
        dice.chance(0.4) ? Palette.denim(dice) : Fabric.plain(Palette.cloth(dice, unlike)),
        dice.between(0, 1),
        shorts ? dice.between(0.32, 0.46) : dice.between(0.86, 0.97),
        !coat && dice.chance(0.7));
  }
}

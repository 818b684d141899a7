package dev.selvage.sample.garment;

import dev.selvage.sample.label.Kind;
import dev.selvage.sample.paint.Colour;
import dev.selvage.sample.paint.Fabric;
import dev.selvage.sample.paint.Palette;
import dev.selvage.sample.paint.RandomChoices;

/** Chooses what a figure wears. */
public final class OutfitGenerator {
  private OutfitGenerator() {}

  public static Outfit dress(RandomChoices random) {
    Outfit.Outer outer = random.chance(0.48) ? outer(random) : null;
    Colour over = outer == null ? null : outer.fabric().base();
    boolean dressed = outer == null && random.chance(0.38);
    Outfit.Upper upper = dressed ? gown(random) : top(random, outer, over);
    Outfit.Lower lower = dressed ? null : lower(random, outer, upper.fabric().base(), over);
    return new Outfit(upper, lower, outer, extras(random, upper, lower, outer));
  }

  private static Outfit.Extras extras(
      RandomChoices random, Outfit.Upper upper, Outfit.Lower lower, Outfit.Outer outer) {
    Colour outside = (outer == null ? upper.fabric() : outer.fabric()).base();
    Colour below = (lower == null ? upper.fabric() : lower.fabric()).base();
    Fabric belt = null;
    if (hasWaist(upper, outer) && random.chance(0.62)) {
      boolean onCoat = outer != null && !outer.open();
      belt = Fabric.plain(Palette.leather(random, onCoat ? outside : below));
    }
    Colour shoe =
        random.chance(0.5) ? Palette.leather(random, below) : Palette.cloth(random, below);
    return new Outfit.Extras(
        belt,
        random.pick(Shoes.Style.values()),
        Fabric.plain(shoe),
        random.chance(0.36) ? random.pick(Hats.Style.values()) : null,
        Palette.wool(random, null),
        random.chance(0.36) ? random.pick(Eyewear.Style.values()) : null,
        random.pick(Colour.hex("25222a"), Colour.hex("7a3f1d"), Colour.hex("8f1f2b")),
        random.chance(outer != null ? 0.42 : 0.16) ? Palette.wool(random, outside) : null,
        random.chance(0.46) ? random.pick(Bags.Style.values()) : null,
        random.chance(0.7)
            ? Fabric.plain(Palette.leather(random, outside))
            : Palette.patterned(random, outside),
        random.whole(0, 1));
  }

  /** Whether a belt would be seen: on a closed coat, or where nothing hangs over the waist. */
  private static boolean hasWaist(Outfit.Upper upper, Outfit.Outer outer) {
    if (outer != null && !outer.open()) {
      return outer.kind() == Kind.COAT;
    }
    return upper.kind() == Kind.DRESS || upper.tucked();
  }

  private static Outfit.Outer outer(RandomChoices random) {
    if (random.chance(0.5)) {
      return new Outfit.Outer(
          Kind.COAT,
          Palette.wool(random, null),
          random.chance(0.4),
          random.chance(0.75),
          random.between(-0.85, -0.55));
    }
    return new Outfit.Outer(
        Kind.JACKET,
        random.chance(0.4) ? Palette.denim(random) : Fabric.plain(Palette.cloth(random, null)),
        random.chance(0.65),
        random.chance(0.75),
        random.between(-0.1, -0.02));
  }

  private static Outfit.Upper gown(RandomChoices random) {
    double sleeves = random.between(0, 1);
    return new Outfit.Upper(
        Kind.DRESS,
        Palette.patterned(random, null),
        sleeves < 0.3
            ? Outfit.Sleeves.NONE
            : sleeves < 0.75 ? Outfit.Sleeves.SHORT : Outfit.Sleeves.LONG,
        random.chance(0.4),
        false,
        false,
        random.between(-0.95, -0.45));
  }

  private static Outfit.Upper top(RandomChoices random, Outfit.Outer outer, Colour over) {
    boolean shirt = random.chance(0.5);
    boolean isLong = random.chance(shirt ? 0.65 : 0.3);
    Fabric fabric =
        !shirt && isLong && random.chance(0.6)
            ? Palette.knit(random, over)
            : Palette.patterned(random, over);
    return new Outfit.Upper(
        shirt ? Kind.SHIRT : Kind.TOP,
        fabric,
        isLong ? Outfit.Sleeves.LONG : Outfit.Sleeves.SHORT,
        !shirt && random.chance(0.3),
        outer == null && random.chance(0.35),
        random.chance(0.55),
        0);
  }

  private static Outfit.Lower lower(
      RandomChoices random, Outfit.Outer outer, Colour top, Colour over) {
    Colour unlike = over == null ? top : over;
    boolean coat = outer != null && outer.kind() == Kind.COAT;
    double what = coat ? 0 : random.between(0, 1); // a coat would hide all but pants
    if (what >= 0.66) {
      return new Outfit.Lower(
          Kind.SKIRT,
          Palette.patterned(random, unlike),
          random.between(0, 1),
          random.between(-0.85, -0.4),
          random.chance(0.7));
    }
    boolean shorts = what >= 0.34;
    return new Outfit.Lower(
        shorts ? Kind.SHORTS : Kind.PANTS,
        random.chance(0.4) ? Palette.denim(random) : Fabric.plain(Palette.cloth(random, unlike)),
        random.between(0, 1),
        shorts ? random.between(0.32, 0.46) : random.between(0.86, 0.97),
        !coat && random.chance(0.7));
  }
}

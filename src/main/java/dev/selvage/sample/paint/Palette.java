package dev.selvage.sample.paint;

import dev.selvage.sample.label.Attribute;
import java.util.List;

/** The colours that cloth comes in. */
public final class Palette {
  private static final List<String> CLOTH =
      List.of(
          "e2a33b", "c8553d", "2a7f7e", "2c3e66", "e6a5a0", "8fa387", "f2e6d0", "3d424b", "7d2e40",
          "7fb2d9", "b097c9", "6f7746", "c19a6b", "f4f1ea", "2b2a31", "ee7f67", "2f5f48", "4b6fb5",
          "d94f5c", "f0cf65", "9cc5b5", "a8553a");
  private static final List<String> DENIM = List.of("3b5b8c", "2b4167", "6d8fb8", "8fa9c7");
  private static final List<String> LEATHER =
      List.of("6b4128", "8d5a34", "2a2327", "c08a52", "7a2c2c", "3c4a3f", "d9b98c");

  private Palette() {}

  /** A cloth colour that stands apart from another. */
  public static Colour cloth(RandomChoices random, Colour unlike) {
    while (true) {
      Colour colour = Colour.hex(random.pick(CLOTH));
      if (unlike == null || colour.distance(unlike) > 0.22) {
        return colour;
      }
    }
  }

  public static Colour leather(RandomChoices random, Colour unlike) {
    while (true) {
      Colour colour = Colour.hex(random.pick(LEATHER));
      if (unlike == null || colour.distance(unlike) > 0.16) {
        return colour;
      }
    }
  }

  public static Fabric denim(RandomChoices random) {
    Colour base = Colour.hex(random.pick(DENIM));
    return new Fabric(Textures.DENIM, base, base.lighter(0.75), Attribute.DENIM);
  }

  public static Fabric knit(RandomChoices random, Colour unlike) {
    Colour base = cloth(random, unlike);
    return new Fabric(Textures.KNIT, base, base.darker(0.45), Attribute.KNIT);
  }

  /** Light or plain cloth for tops, with any pattern. */
  public static Fabric patterned(RandomChoices random, Colour unlike) {
    Colour base = cloth(random, unlike);
    Colour accent = base.brightness() > 0.62 ? cloth(random, base) : Colour.hex("f6efe2");
    return switch (random.whole(0, 9)) {
      case 0, 1 ->
          new Fabric(
              Textures.stripesAcross(random.between(3.2, 4.6)), base, accent, Attribute.STRIPE);
      case 2 ->
          new Fabric(
              Textures.stripesAlong(random.between(2.6, 3.6)), base, accent, Attribute.STRIPE);
      case 3 -> new Fabric(Textures.checks(random.between(3, 4.4)), base, accent, Attribute.CHECK);
      case 4 -> new Fabric(Textures.dots(random.between(3, 4)), base, accent, Attribute.DOT);
      case 5 ->
          new Fabric(Textures.flowers(random.between(4.4, 6)), base, accent, Attribute.FLORAL);
      default -> Fabric.plain(base);
    };
  }

  /** Woven wool: plain, tartan or checks. */
  public static Fabric wool(RandomChoices random, Colour unlike) {
    Colour base = cloth(random, unlike);
    Colour accent = base.brightness() > 0.5 ? base.darker(0.5) : base.lighter(0.5);
    return switch (random.whole(0, 4)) {
      case 0 -> new Fabric(Textures.tartan(random.between(6, 8)), base, accent, Attribute.CHECK);
      case 1 -> knit(random, unlike);
      default -> Fabric.plain(base);
    };
  }
}

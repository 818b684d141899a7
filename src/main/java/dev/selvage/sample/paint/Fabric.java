package dev.selvage.sample.paint;

import dev.selvage.sample.label.Attribute;

/**
 * What something is made of.
 *
 * @param pattern the attribute that names its pattern, null where it is no cloth
 */
public record Fabric(Texture texture, Colour base, Colour accent, Attribute pattern) {
  public static Fabric plain(Colour colour) {
    return new Fabric(Textures.PLAIN, colour, colour, Attribute.PLAIN);
  }

  /** The same pattern on darker (or, below 0, lighter) ground. */
  public Fabric toned(double share) {
    return share >= 0
        ? new Fabric(texture, base.darker(share), accent.darker(share), pattern)
        : new Fabric(texture, base.lighter(-share), accent.lighter(-share), pattern);
  }

  /** Its ground alone. */
  public Fabric unpatterned() {
    return plain(base);
  }
}

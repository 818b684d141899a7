package dev.selvage.sample.garment;

import dev.selvage.sample.label.Kind;
import dev.selvage.sample.paint.Colour;
import dev.selvage.sample.paint.Fabric;

/**
 * What a figure wears.
 *
 * @param lower null under a dress
 * @param outer null for none
 */
public record Outfit(Upper upper, Lower lower, Outer outer, Extras extras) {
  /** How far sleeves reach. */
  public enum Sleeves {
    NONE,
    SHORT,
    LONG
  }

  /**
   * A shirt, a t-shirt or a dress.
   *
   * @param hem of a dress: its height on the trunk, below 0
   */
  public record Upper(
      Kind kind,
      Fabric fabric,
      Sleeves sleeves,
      boolean vNeck,
      boolean pocket,
      boolean tucked,
      double hem) {}

  /**
   * Pants, shorts or a skirt.
   *
   * @param width 0 tight to 1 wide
   * @param length share of the leg that is covered, or for a skirt the height of its hem below 0
   */
  record Lower(Kind kind, Fabric fabric, double width, double length, boolean pockets) {}

  /** A jacket or a coat. */
  public record Outer(Kind kind, Fabric fabric, boolean open, boolean pockets, double hem) {}

  /**
   * Everything else; belt, hat, glasses, scarf and bag are null where they are not worn.
   *
   * @param bagSide the arm that carries the bag
   */
  public record Extras(
      Fabric belt,
      Shoes.Style shoes,
      Fabric shoe,
      Hats.Style hat,
      Fabric hatCloth,
      Eyewear.Style glasses,
      Colour frame,
      Fabric scarf,
      Bags.Style bag,
      Fabric bagCloth,
      int bagSide) {}
}

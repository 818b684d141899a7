package dev.selvage.sample.label;

/** The categories that are drawn, by their ids in label_descriptions.json. */
public enum Kind {
  SHIRT(0),
  TOP(1),
  JACKET(4),
  PANTS(6),
  SHORTS(7),
  SKIRT(8),
  COAT(9),
  DRESS(10),
  GLASSES(13),
  HAT(14),
  BELT(19),
  SHOE(23),
  BAG(24),
  SCARF(25),
  COLLAR(28),
  SLEEVE(31),
  POCKET(32),
  NECKLINE(33);

  public final int id;

  Kind(int id) {
    this.id = id;
  }
}

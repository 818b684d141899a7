package dev.selvage.sample.label;

/** The attributes of label_descriptions.json, by their ids there. */
public enum Attribute {
  PLAIN(0),
  STRIPE(1),
  CHECK(2),
  DOT(3),
  FLORAL(4),
  DENIM(5),
  KNIT(6),
  ABOVE_THE_KNEE(7),
  BELOW_THE_KNEE(8),
  FULL_LENGTH(9),
  SHORT_SLEEVE(10),
  LONG_SLEEVE(11),
  ROUND_NECK(12),
  V_NECK(13),
  OPEN_FRONT(14),
  CLOSED_FRONT(15);

  public final int id;

  Attribute(int id) {
    this.id = id;
  }
}

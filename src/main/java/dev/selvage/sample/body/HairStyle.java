package dev.selvage.sample.body;

/** Kinds of hair. */
enum HairStyle {
  SHORT,
  QUIFF,
  CURLS,
  BOB,
  LONG,
  BUN,
  PONYTAIL
}

package dev.selvage.sample;

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

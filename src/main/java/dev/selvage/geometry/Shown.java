package dev.selvage.geometry;

/** Characters of a damaged text, for the sentence that refuses it. */
final class Shown {
  private Shown() {}

  /** The character, or its code where it would not show or would break the line. */
  static String of(char c) {
    return c > ' ' && c < 0x7f ? "'" + c + "'" : "character %d".formatted((int) c);
  }
}

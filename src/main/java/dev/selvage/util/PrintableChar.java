package dev.selvage.util;

/** Characters of a damaged text, for the sentence that refuses it. */
public final class PrintableChar {
  private PrintableChar() {}

  /** The character, or its code where it would not show or would break the line. */
  public static String of(char c) {
    return c > ' ' && c < 0x7f ? "'" + c + "'" : "character %d".formatted((int) c);
  }
}

package dev.selvage.util;

/** Formats a character of a damaged text for an error message. */
public final class PrintableChar {
  private PrintableChar() {}

  /** The character, or its code where it would not show or would break the line. */
  public static String of(char c) {
    return c > ' ' && c < 0x7f ? "'" + c + "'" : "character %s".formatted((int) c);
  }
}

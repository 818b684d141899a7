package dev.selvage.util;

/**
 * Text from files for a terminal. A name of a layer, a photo or a category may hold anything; what
 * would move the cursor, set a title, end a line or turn the direction of reading is written as
 * {@code \}{@code uXXXX}, which JSON reads as the same character.
 */
public final class Printable {
  private Printable() {}

  /** A text that stays on one line: control characters, line ends included, are escaped. */
  public static String line(String text) {
    return escape(text, "");
  }

  /** A text of several lines: line ends and tabs stay. */
  public static String lines(String text) {
    return escape(text, "\n\t");
  }

  private static String escape(String text, String kept) {
    if (text.chars().allMatch(c -> isHarmless((char) c) || kept.indexOf(c) >= 0)) {
      return text;
    }
    StringBuilder escaped = new StringBuilder();
    for (char c : text.toCharArray()) {
      if (isHarmless(c) || kept.indexOf(c) >= 0) {
        escaped.append(c);
      } else {
        escaped.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
      }
    }
    return escaped.toString();
  }

  private static boolean isHarmless(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
      // direction marks and other signs that cannot be seen, but for the two that join letters
      case Character.FORMAT -> c == '\u200c' || c == '\u200d';
      default -> true;
    };
  }
}

package dev.selvage.util;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Writes a text as other programs would: much of it must be read, and none of it as another text.
 */
final class Respelling {
  private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])[0-9]+(?![\\w.])");
  private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9_.]*");
  private static final Pattern NAME = Pattern.compile("[a-z0-9]+\\.(jpg|png)");
  private static final Pattern LAST_OF_LIST = Pattern.compile(",\\s*[0-9.]+(?=\\s*])");
  private static final Pattern LINE_END = Pattern.compile("\n");

  private Respelling() {}

  static byte[] of(byte[] whole, Random random) {
    String text = new String(whole, StandardCharsets.UTF_8);
    for (int i = random.nextInt(2); i >= 0; i--) {
      text = respelled(text, random);
    }
    return switch (random.nextInt(12)) {
      case 0 -> ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8);
      case 1 -> ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE);
      case 2 -> ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16BE);
      case 3 -> text.getBytes(StandardCharsets.UTF_16LE);
      case 4 -> text.getBytes(StandardCharsets.ISO_8859_1);
      default -> text.getBytes(StandardCharsets.UTF_8);
    };
  }

  private static String respelled(String text, Random random) {
    return switch (random.nextInt(14)) {
      case 0 -> text.replace("\n", "\r\n");
      case 1 -> text.replace('\n', '\r');
      case 2 -> text.replace(',', ';');
      case 3 -> text.replace(',', '\t');
      case 4 -> one(text, NUMBER, random, number -> number + ".0");
      case 5 -> one(text, NUMBER, random, number -> number + ".5");
      case 6 -> one(text, NUMBER, random, number -> '"' + number + '"');
      case 7 -> one(text, LINE_END, random, end -> ",,\n");
      case 8 -> text + "\n \n,,,\n,\n";
      case 9 -> one(text, WORD, random, word -> word.toUpperCase(Locale.ROOT));
      case 10 -> one(text, NAME, random, name -> "./" + name);
      case 11 -> one(text, NAME, random, name -> ".\\" + name);
      case 12 -> one(text, NAME, random, name -> name.substring(0, name.indexOf('.')));
      default -> one(text, LAST_OF_LIST, random, last -> "");
    };
  }

  /** Changes one of the places where a pattern matches; none if there is none. */
  private static String one(
      String text, Pattern pattern, Random random, UnaryOperator<String> change) {
    List<MatchResult> places = pattern.matcher(text).results().toList();
    if (places.isEmpty()) {
      return text;
    }
    MatchResult place = places.get(random.nextInt(places.size()));
    return text.substring(0, place.start())
        + change.apply(place.group())
        + text.substring(place.end());
  }
}

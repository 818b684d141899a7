package dev.selvage.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Decodes the percent signs of addresses, once and strictly: RFC 3986, UTF-8. */
final class Percent {
  private Percent() {}

  /**
   * Decodes one part of a path, or a name or value of a query.
   *
   * @param where what it is, for the message
   * @throws HttpFailure a percent sign without two digits, no UTF-8, or a control character
   */
  static String decode(String raw, String where) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        bytes.write(hex(raw, i + 1, where) << 4 | hex(raw, i + 2, where));
        i += 2;
      } else {
        bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes.toByteArray()))
              .toString();
      if (text.chars().anyMatch(Character::isISOControl)) {
        throw new HttpFailure(400, where + ": expected no control characters");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw new HttpFailure(400, where + ": expected UTF-8 behind the percent signs");
    }
  }

  private static int hex(String raw, int at, String where) {
    int digit = at < raw.length() ? Character.digit(raw.charAt(at), 16) : -1;
    if (digit < 0) {
      throw new HttpFailure(
          400, where + ": expected two hexadecimal digits after each percent sign");
    }
    return digit;
  }
}

package dev.selvage.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The fields of a form with files, {@code multipart/form-data}: RFC 7578. */
public final class Multipart {
  private static final String TYPE = "multipart/form-data";
  private static final int LONGEST_BOUNDARY = 70;
  private static final Pattern BOUNDARY =
      Pattern.compile(";\\s*boundary=(?:\"([^\"]+)\"|([^\\s;\"]+))", Pattern.CASE_INSENSITIVE);
  private static final Pattern NAME =
      Pattern.compile(
          "^content-disposition:\\s*form-data\\b[^\\r\\n]*?;\\s*name=(?:\"([^\"]*)\"|([^\\s;\"]+))",
          Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

  private Multipart() {}

  /** Whether a body of this type is such a form. */
  public static boolean is(String contentType) {
    return contentType.toLowerCase(Locale.ROOT).startsWith(TYPE);
  }

  /**
   * The bytes of a field.
   *
   * @param contentType the request's header, with the boundary between the fields
   * @throws HttpFailure the form is damaged, or has no such field
   */
  public static byte[] field(String contentType, byte[] body, String name) {
    byte[] boundary = ("--" + boundary(contentType)).getBytes(StandardCharsets.ISO_8859_1);
    int start = delimiter(body, boundary, 0);
    while (start >= 0) {
      int head = start + boundary.length;
      int end = delimiter(body, boundary, head);
      int data = indexOf(body, new byte[] {'\r', '\n', '\r', '\n'}, head);
      if (end < 0 || data < 0 || data + 4 > end) {
        break;
      }
      // what follows a boundary on its line is blank, and the headers begin on the next
      String headers = new String(body, head, data - head, StandardCharsets.UTF_8);
      Matcher found = NAME.matcher(headers);
      if (found.find() && name.equals(found.group(1) == null ? found.group(2) : found.group(1))) {
        // the line end before a boundary belongs to the boundary
        return Arrays.copyOfRange(body, data + 4, Math.max(data + 4, end - 2));
      }
      start = end;
    }
    throw new HttpFailure(400, "body: expected a form with a field '%s'".formatted(name));
  }

  private static String boundary(String contentType) {
    Matcher found = BOUNDARY.matcher(contentType);
    String boundary = found.find() ? found.group(1) == null ? found.group(2) : found.group(1) : "";
    if (boundary.isEmpty() || boundary.length() > LONGEST_BOUNDARY) {
      throw new HttpFailure(400, "header Content-Type: expected a boundary of 1 to 70 characters");
    }
    return boundary;
  }

  /** The next boundary at the begin of a line, or -1. */
  private static int delimiter(byte[] body, byte[] boundary, int from) {
    for (int at = indexOf(body, boundary, from); at >= 0; at = indexOf(body, boundary, at + 1)) {
      boolean begins = at == 0 || at >= 2 && body[at - 1] == '\n' && body[at - 2] == '\r';
      int next = at + boundary.length;
      if (begins && (next == body.length || " \t\r-".indexOf(body[next]) >= 0)) {
        return at;
      }
    }
    return -1;
  }

  private static int indexOf(byte[] body, byte[] part, int from) {
    for (int at = from; at <= body.length - part.length; at++) {
      if (body[at] == part[0] && Arrays.equals(body, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    return -1;
  }
}

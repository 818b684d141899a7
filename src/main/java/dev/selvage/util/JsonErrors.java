package dev.selvage.util;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.regex.Pattern;

/** Sentences about JSON that cannot be read. */
public final class JsonErrors {
  /** Where a list or object began that does not end, in the words of Jackson. */
  private static final Pattern START = Pattern.compile(" \\(start marker at .*", Pattern.DOTALL);

  private JsonErrors() {}

  /** What is wrong, without places: those who report it name the file and the line. */
  public static String reason(JsonProcessingException e) {
    return START.matcher(e.getOriginalMessage()).replaceFirst("");
  }
}

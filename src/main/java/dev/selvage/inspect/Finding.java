package dev.selvage.inspect;

import java.util.List;

/**
 * One kind of problem.
 *
 * @param count how often it was found
 * @param examples the first of them, each naming line or photo
 * @param photos names of the dataset's photos that it is about, all of them, each once; empty where
 *     it is about none of them
 */
public record Finding(
    Severity severity, String title, int count, List<String> examples, List<String> photos) {
  /** How bad it is. */
  public enum Severity {
    /** Part of the data is not used. */
    ERROR,
    /** Training works, but probably not as meant. */
    WARNING,
    /** Worth knowing. */
    NOTE
  }
}

package dev.selvage.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A method and a pattern of paths, such as {@code /api/runs/{run}/log}, and what answers.
 *
 * @param probe whether it is answered to everyone, and while the service drains
 */
record Route(String method, String pattern, Handler handler, boolean probe) {
  private static final String SLASH = "/";

  Route {
    if (!pattern.startsWith(SLASH)) {
      throw new IllegalArgumentException("a path begins with /, found " + pattern);
    }
  }

  /**
   * The parameters of a path that fits the pattern, decoded; empty for other paths.
   *
   * @param rawPath as it came, not decoded
   * @throws HttpFailure a parameter that is badly encoded, or leads out of a folder
   */
  Optional<Map<String, String>> match(String rawPath) {
    List<String> expected = List.of(pattern.split(SLASH, -1));
    List<String> found = List.of(rawPath.split(SLASH, -1));
    if (expected.size() != found.size()) {
      return Optional.empty();
    }
    for (int i = 0; i < expected.size(); i++) {
      if (!isParameter(expected.get(i)) && !expected.get(i).equals(found.get(i))) {
        return Optional.empty();
      }
    }
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < expected.size(); i++) {
      if (isParameter(expected.get(i))) {
        String name = expected.get(i).substring(1, expected.get(i).length() - 1);
        parameters.put(name, parameter(name, found.get(i)));
      }
    }
    return Optional.of(parameters);
  }

  private static boolean isParameter(String part) {
    return part.startsWith("{") && part.endsWith("}");
  }

  /** A name from a path: handlers look it up, and none of its parts may climb out of a folder. */
  private static String parameter(String name, String raw) {
    String value = Percent.decode(raw, "path: " + name);
    for (String part : value.split("[/\\\\]", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw new HttpFailure(400, "path: %s: expected a name, found '%s'".formatted(name, value));
      }
    }
    return value;
  }
}

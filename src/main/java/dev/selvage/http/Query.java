package dev.selvage.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What stands behind the question mark of an address, decoded once. */
final class Query {
  private final Map<String, String> values = new LinkedHashMap<>();

  /**
   * Reads a query.
   *
   * @param raw as it came; null for none
   * @throws HttpFailure it is badly encoded, or has a name twice
   */
  Query(String raw) {
    if (raw == null || raw.isEmpty()) {
      return;
    }
    for (String pair : raw.split("&")) {
      int at = pair.indexOf('=');
      String name = decode(at < 0 ? pair : pair.substring(0, at));
      if (values.put(name, at < 0 ? "" : decode(pair.substring(at + 1))) != null) {
        throw new HttpFailure(400, "query: expected '%s' once, found it twice".formatted(name));
      }
    }
  }

  private static String decode(String raw) {
    return Percent.decode(raw.replace('+', ' '), "query");
  }

  Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  void requireOnly(List<String> known) {
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        throw new HttpFailure(
            400,
            "query: expected %s, found '%s'"
                .formatted(known.isEmpty() ? "none" : String.join(", ", known), name));
      }
    }
  }
}

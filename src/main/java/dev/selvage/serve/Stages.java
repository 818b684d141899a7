package dev.selvage.serve;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How long each stage of one photo took. Used by one thread. */
final class Stages {
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private long begin = System.nanoTime();

  /** Ends a stage that began when the one before ended. */
  void end(String stage) {
    long now = System.nanoTime();
    seconds.put(stage, (now - begin) / 1e9);
    begin = now;
  }

  /** Adds a stage that another thread has measured, up to now. */
  void add(String stage, double took) {
    seconds.put(stage, took);
    begin = System.nanoTime();
  }

  Map<String, Double> seconds() {
    return seconds;
  }

  /** By stage, to a hundredth. */
  Map<String, Double> milliseconds() {
    Map<String, Double> rounded = new LinkedHashMap<>();
    seconds.forEach((stage, s) -> rounded.put(stage, Math.rint(1e5 * s) / 100));
    return rounded;
  }

  /** The same for the header Server-Timing, which browsers show. */
  String header() {
    return milliseconds().entrySet().stream()
        .map(e -> String.format(Locale.ROOT, "%s;dur=%.2f", e.getKey(), e.getValue()))
        .collect(Collectors.joining(", "));
  }
}

package dev.selvage.weights;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which parameters and arrays were loaded, skipped or missing when a file was loaded.
 *
 * @param loaded parameters (layer/part) that have the file's values now
 * @param skipped arrays of the file that were not loaded, and why
 * @param missing parameters that the file does not have; they keep their values
 */
public record LoadReport(List<String> loaded, Map<String, String> skipped, List<String> missing) {
  /** The report for people: one line each of what was loaded, skipped and missing. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("loaded %d arrays of %d layers".formatted(loaded.size(), layers(loaded).size()));
    Map<String, List<String>> byReason = new TreeMap<>();
    skipped.forEach((name, why) -> byReason.computeIfAbsent(why, w -> new ArrayList<>()).add(name));
    byReason.forEach((why, names) -> lines.add("skipped " + listed(names) + ": " + why));
    if (!missing.isEmpty()) {
      lines.add("missing " + listed(missing) + ": not in the file, left unchanged");
    }
    return lines;
  }

  @Override
  public String toString() {
    return String.join("\n", lines());
  }

  private static String listed(List<String> names) {
    int shown = 6;
    List<String> layers = List.copyOf(layers(names));
    return layers.size() <= shown + 1
        ? String.join(", ", layers)
        : String.join(", ", layers.subList(0, shown))
            + " and %d more layers".formatted(layers.size() - shown);
  }

  private static Set<String> layers(List<String> names) {
    Set<String> layers = new LinkedHashSet<>();
    for (String name : names) {
      layers.add(name.substring(0, Math.max(0, name.lastIndexOf('/'))));
    }
    return layers;
  }
}

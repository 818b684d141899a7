package dev.selvage.inspect;

import dev.selvage.inspect.Finding.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects problems by kind: how many of each, and the first as examples. */
final class Findings {
  private static final int KEPT = 100;

  private record Kind(Severity severity, String title) {}

  private static final class Entry {
    private int count;
    private final List<String> examples = new ArrayList<>();
    private final Set<String> photos = new LinkedHashSet<>();
  }

  private final Map<Kind, Entry> entries = new LinkedHashMap<>();

  /**
   * Adds one problem.
   *
   * @param photos names of the dataset's photos that it is about
   */
  void add(Severity severity, String title, String example, String... photos) {
    Entry entry = entries.computeIfAbsent(new Kind(severity, title), k -> new Entry());
    entry.count++;
    entry.photos.addAll(List.of(photos));
    if (entry.examples.size() < KEPT) {
      entry.examples.add(example);
    }
  }

  /** The worst first, each severity in the order of first discovery. */
  List<Finding> list() {
    List<Finding> list = new ArrayList<>();
    for (Severity severity : Severity.values()) {
      entries.forEach(
          (kind, entry) -> {
            if (kind.severity == severity) {
              list.add(
                  new Finding(
                      severity,
                      kind.title,
                      entry.count,
                      List.copyOf(entry.examples),
                      List.copyOf(entry.photos)));
            }
          });
    }
    return list;
  }
}

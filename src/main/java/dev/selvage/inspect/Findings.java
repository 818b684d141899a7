package dev.selvage.inspect;

import dev.selvage.inspect.Finding.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers problems by kind; of each kind the first are kept in words. */
final class Findings {
  private static final int KEPT = 100;

  private record Kind(Severity severity, String title) {}

  private static final class Tally {
    private int count;
    private final List<String> examples = new ArrayList<>();
  }

  private final Map<Kind, Tally> tallies = new LinkedHashMap<>();

  void add(Severity severity, String title, String example) {
    Tally tally = tallies.computeIfAbsent(new Kind(severity, title), k -> new Tally());
    tally.count++;
    if (tally.examples.size() < KEPT) {
      tally.examples.add(example);
    }
  }

  /** The worst first, each severity in the order of first discovery. */
  List<Finding> list() {
    List<Finding> list = new ArrayList<>();
    for (Severity severity : Severity.values()) {
      tallies.forEach(
          (kind, tally) -> {
            if (kind.severity == severity) {
              list.add(new Finding(severity, kind.title, tally.count, List.copyOf(tally.examples)));
            }
          });
    }
    return list;
  }
}

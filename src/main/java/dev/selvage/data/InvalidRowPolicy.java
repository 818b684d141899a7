package dev.selvage.data;

import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts the rows of a file that cannot be used. A few rows of a large file are skipped and listed;
 * more are an error.
 */
public final class InvalidRowPolicy {
  private static final int BIG = 1000;
  private static final int LISTED = 20;

  private final Path file;
  private final String noun;
  private final List<String> first = new ArrayList<>();
  private int count;

  /**
   * A policy that has seen no bad row.
   *
   * @param noun what the rows are called, in the plural
   */
  public InvalidRowPolicy(Path file, String noun) {
    this.file = file;
    this.noun = noun;
  }

  public void add(String place, String problem) {
    count++;
    if (first.size() < LISTED) {
      first.add("%s %s: %s".formatted(file, place, problem));
    }
  }

  /**
   * Judges the whole file.
   *
   * @return lines for the user about what was skipped; empty where every row was good
   * @throws UserError 1% or more of the rows are bad, or any row of a file with fewer than 1000
   */
  public List<String> judge(int rows) {
    if (count == 0) {
      return List.of();
    }
    if (rows < BIG || count * 100L >= rows) {
      String more =
          count == 1 ? "" : " (and %s more bad %s out of %s)".formatted(count - 1, noun, rows);
      throw new UserError(first.get(0) + more);
    }
    List<String> report = new ArrayList<>();
    report.add("%s: skipped %s bad %s out of %s:".formatted(file, count, noun, rows));
    report.addAll(first);
    if (count > first.size()) {
      report.add("and %s more".formatted(count - first.size()));
    }
    return report;
  }
}

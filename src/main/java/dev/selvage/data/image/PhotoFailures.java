package dev.selvage.data.image;

import dev.selvage.config.ExifMode;
import dev.selvage.util.UserError;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The photos that could not be used during a run. Each is reported once and skipped; more than 1%
 * of all photos, and more than {@value #FEW}, end the run. Thread-safe.
 */
public final class PhotoFailures {
  /** Failures that are allowed in a dataset of any size. */
  static final int FEW = 10;

  private final int photos;
  private final Consumer<String> report;
  private final Set<String> failed = new LinkedHashSet<>();
  private String first;

  /**
   * Starts without failures.
   *
   * @param photos how many there are in all
   * @param report takes a line about each that fails
   */
  public PhotoFailures(int photos, Consumer<String> report) {
    this.photos = photos;
    this.report = report;
  }

  /**
   * Counts a photo; the second time does nothing.
   *
   * @param why a sentence that names the photo
   */
  public synchronized void add(String photo, String why) {
    if (failed.add(photo)) {
      report.accept(why + "; the photo is skipped");
      first = first == null ? why : first;
    }
  }

  /** A reader of photos that adds those that cannot be used. */
  public Photos photos(ExifMode mode) {
    return new Photos(mode, (file, why) -> add(file.toString(), file + ": " + why));
  }

  /** How many have failed. */
  public synchronized int count() {
    return failed.size();
  }

  /** What was wrong with the first, for a message; empty without any. */
  public synchronized String example() {
    return first == null ? "" : "; the first: " + first;
  }

  /**
   * Judges whether the run can go on.
   *
   * @throws UserError too many have failed
   */
  public synchronized void requireFew() {
    if (failed.size() > FEW && failed.size() > photos / 100) {
      throw new UserError(
          "expected at most 1%% of the %d photos to fail, found %d so far%s"
              .formatted(photos, failed.size(), example()));
    }
  }
}

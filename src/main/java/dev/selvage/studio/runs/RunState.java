package dev.selvage.studio.runs;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a folder among the runs is doing. */
public enum RunState {
  /** The studio has started its training, which has not made the folder a run yet. */
  STARTING,
  /** A process trains in it. */
  RUNNING,
  /** No process trains in it, and epochs are left. */
  STOPPED,
  /** All epochs are done, or EARLY_STOP_EPOCHS has ended it. */
  COMPLETE,
  /** The training that the studio started in it ended before it was a run. */
  FAILED,
  /** Its files cannot be read, or are not those of a run. */
  BROKEN;

  /** As the pages name it. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

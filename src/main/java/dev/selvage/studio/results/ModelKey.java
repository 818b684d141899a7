package dev.selvage.studio.results;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.util.UserError;
import java.util.List;

/**
 * A model and the photos that it is judged on.
 *
 * @param run name of the run's folder; empty for the weights that the studio was started with
 * @param epoch its number, or {@value #BEST}; empty where the run is
 * @param part train, valid or all
 */
record ModelKey(String run, String epoch, String part) {
  /** The epoch with the highest mask AP. */
  static final String BEST = "best";

  /** Throws {@link UserError} for another part, which would become a part of a file's name. */
  ModelKey {
    if (!List.of("train", "valid", "all").contains(part)) {
      throw new UserError("part: expected train, valid or all, found '%s'".formatted(part));
    }
  }

  /** Reads {@code {run, epoch, part}}; what is missing is empty. */
  static ModelKey of(JsonNode node) {
    return new ModelKey(
        node.path("run").asText(), node.path("epoch").asText(), node.path("part").asText());
  }

  @Override
  public String toString() {
    return run.isEmpty() ? part : "%s, epoch %s, %s".formatted(run, epoch, part);
  }
}

package dev.selvage.studio.runs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * A run in the table. Numbers that are not known are null.
 *
 * @param id the name of its folder
 * @param problem what is wrong with it, as a sentence; empty if nothing is
 * @param epoch the last complete epoch, 0 before the first
 * @param epochs of the whole run, 0 if not known
 * @param secondsLeft until the last epoch, while it is running
 * @param bestEpoch the epoch with the best mask AP on the photos held out
 * @param maskAp of that epoch, in 0..1
 * @param maskAp50 the same at IoU 0.50
 * @param loss of the last epoch
 * @param validationLoss of the last epoch, on the photos held out
 * @param imagesPerSecond of the last epoch
 * @param started when it was begun or continued last, in ISO 8601; empty if not known
 * @param settings by key; in the table, those that differ between the runs
 */
record RunRow(
    String id,
    RunState state,
    String problem,
    int epoch,
    int epochs,
    Double secondsLeft,
    Integer bestEpoch,
    Double maskAp,
    Double maskAp50,
    Double loss,
    Double validationLoss,
    Double imagesPerSecond,
    String started,
    Map<String, JsonNode> settings) {
  /** A folder of which nothing but a sentence can be said. */
  static RunRow without(String id, RunState state, String problem) {
    return new RunRow(
        id, state, problem, 0, 0, null, null, null, null, null, null, null, "", Map.of());
  }

  RunRow with(Map<String, JsonNode> shown) {
    return new RunRow(
        id,
        state,
        problem,
        epoch,
        epochs,
        secondsLeft,
        bestEpoch,
        maskAp,
        maskAp50,
        loss,
        validationLoss,
        imagesPerSecond,
        started,
        shown);
  }
}

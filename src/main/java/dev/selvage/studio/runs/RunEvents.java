package dev.selvage.studio.runs;

import dev.selvage.http.EventStream;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells a page what changes in the files of runs: the table, the curves of some runs, and what a
 * training prints. The first event of each kind says how things are.
 */
final class RunEvents {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final RunTable table;
  private final List<String> curves;
  private final Optional<String> output;

  /** What was sent last, by the name of the event and the run. */
  private final Map<String, Object> sent = new HashMap<>();

  /**
   * Events for one client.
   *
   * @param curves the runs whose curves it shows
   * @param output the run whose output it shows
   */
  RunEvents(RunTable table, List<String> curves, Optional<String> output) {
    this.table = table;
    this.curves = curves;
    this.output = output;
  }

  /** Sends events until the client is gone. */
  void send(EventStream events) throws IOException {
    do {
      sendRows(events);
      for (String run : curves) {
        sendCurves(events, run);
      }
      if (output.isPresent()) {
        String run = output.get();
        String text = table.find(run).map(TrainingOutput::tail).orElse("");
        sendIfNew(events, "output", run, text, Map.of("run", run, "text", text));
      }
    } while (events.pause(PAUSE));
  }

  private void sendRows(EventStream events) throws IOException {
    List<RunRow> rows;
    try {
      rows = table.rows();
    } catch (UserError e) {
      sendIfNew(events, "problem", "", e.getMessage(), Map.of("error", e.getMessage()));
      return;
    }
    sendIfNew(events, "runs", "", rows, rows);
  }

  private void sendCurves(EventStream events, String run) throws IOException {
    Optional<Path> dir = table.find(run);
    if (dir.isEmpty() || RunFiles.stamp(dir.get()).equals(sent.get("stamp" + run))) {
      return;
    }
    sent.put("stamp" + run, RunFiles.stamp(dir.get()));
    try {
      RunFiles files = table.files(dir.get());
      events.send(
          "curves", Map.of("run", run, "epochs", files.log().epochs(), "columns", columns(files)));
    } catch (UserError e) {
      // the run's row says what is wrong
    }
  }

  /** Without columns that have no value; null where a row has none, since JSON knows no NaN. */
  private static Map<String, List<Double>> columns(RunFiles files) {
    Map<String, List<Double>> columns = new LinkedHashMap<>();
    for (String name : files.log().columns().keySet()) {
      List<Double> values = new ArrayList<>();
      for (int row = 0; row < files.log().epochs().length; row++) {
        values.add(files.at(name, row));
      }
      if (values.stream().anyMatch(value -> value != null)) {
        columns.put(name, values);
      }
    }
    return columns;
  }

  private void sendIfNew(EventStream events, String name, String run, Object state, Object value)
      throws IOException {
    if (!state.equals(sent.put(name + run, state))) {
      events.send(name, value);
    }
  }
}

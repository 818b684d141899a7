package dev.selvage.studio.runs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.run.RunInfo;
import dev.selvage.run.RunSplit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the page of one run shows besides its row.
 *
 * @param folder its path
 * @param commands that began and continued it, as they were recorded
 * @param again a command that trains a new run with the same settings
 * @param data the dataset's path as the last command gave it; empty if it is not known
 * @param dataset its name
 * @param photos of the dataset
 * @param seed of weights, split and sampling
 * @param weights what it began with
 * @param versions by program
 * @param settings all, by key
 */
record RunDetails(
    String folder,
    List<String> commands,
    String again,
    String data,
    String dataset,
    Integer photos,
    Long seed,
    String weights,
    Map<String, String> versions,
    Map<String, JsonNode> settings) {
  /** The path ends where the next option begins; the record does not quote it. */
  private static final Pattern DATA = Pattern.compile(" --data (.+?)(?= --[a-z]|$)");

  static RunDetails of(Path dir, RunFiles run) {
    RunInfo info = run.info().orElse(null);
    if (info == null) {
      return new RunDetails(
          dir.toString(), List.of(), "", "", "", null, null, "", Map.of(), run.settings());
    }
    String data = data(info.commands());
    List<String> again =
        new ArrayList<>(List.of("train", "--data", data.isEmpty() ? "DATA" : data));
    again.addAll(RunSettings.options(run.config()));
    again.addAll(List.of("--seed", Long.toString(info.seed())));
    if (info.commands().get(0).contains(" --split ")) {
      again.addAll(List.of("--split", RunSplit.file(dir).toString()));
    }
    if (!info.weights().equals("none")) {
      again.addAll(List.of("--weights", info.weights()));
    }
    again.add("--new");
    return new RunDetails(
        dir.toString(),
        info.commands().stream().map(RunDetails::typed).toList(),
        Program.line(again),
        data,
        info.dataset(),
        info.photos(),
        info.seed(),
        info.weights(),
        info.versions(),
        run.settings());
  }

  /** A record begins with the jar or the main class. */
  private static String typed(String command) {
    return command.matches("\\S+\\.jar .*") ? "java -jar " + command : command;
  }

  private static String data(List<String> commands) {
    for (int i = commands.size() - 1; i >= 0; i--) {
      Matcher found = DATA.matcher(commands.get(i));
      if (found.find()) {
        return found.group(1);
      }
    }
    return "";
  }
}

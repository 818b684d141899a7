package dev.selvage.cli;

import dev.selvage.cli.command.Command;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.cli.options.RunOptions;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.config.ConfigValues;
import dev.selvage.run.RunFolder;
import dev.selvage.run.RunInfo;
import dev.selvage.util.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.cli.CommandLine;

/** {@code config}: shows settings, or the differences of two. */
final class ConfigCommand implements Command {
  /** The widest that the first column becomes. Longer values are printed in full. */
  private static final int WIDEST = 44;

  private static final String NONE = "-";

  @Override
  public String name() {
    return "config";
  }

  @Override
  public String summary() {
    return "show the settings of a run, a file or a preset, or how two of them differ";
  }

  @Override
  public String usage() {
    return "SETTINGS [SETTINGS] [options]";
  }

  @Override
  public List<String> examples() {
    return List.of("config last", "config runs/a fashion");
  }

  @Override
  public int leastArguments() {
    return 1;
  }

  @Override
  public int mostArguments() {
    return 2;
  }

  @Override
  public CommandOptions options() {
    return new CommandOptions()
        .add(Section.RUN, RunOptions.RUNS)
        .add(Section.OUTPUT, Arguments.JSON);
  }

  @Override
  public boolean usesPictures() {
    return false;
  }

  @Override
  public void run(CommandLine line) {
    RunOptions.requireUse(line, line.getArgList().contains("last"), "the argument last");
    String a = line.getArgList().get(0);
    Map<String, String> first = values(line, a);
    if (line.getArgList().size() == 1) {
      show(line, a, first);
      return;
    }
    String b = line.getArgList().get(1);
    compare(line, a, first, b, values(line, b));
  }

  private static void show(CommandLine line, String name, Map<String, String> values) {
    if (line.hasOption(Arguments.JSON)) {
      Arguments.printJson(values);
      return;
    }
    Map<String, String> defaults = ConfigValues.of(Config.defaults());
    int width = width(values.keySet());
    values.forEach(
        (key, value) -> {
          String usual = defaults.get(key);
          String remark =
              usual == null
                  ? ""
                  : value.equals(usual) ? "  (default)" : "  (default " + usual + ")";
          System.out.printf("%-" + width + "s  %s%s%n", key, value, remark);
        });
    System.out.printf("%n%s; the defaults are Matterport's%n", name);
  }

  private static void compare(
      CommandLine line, String a, Map<String, String> first, String b, Map<String, String> second) {
    Set<String> keys = new LinkedHashSet<>(first.keySet());
    keys.addAll(second.keySet());
    keys.removeIf(key -> first.getOrDefault(key, NONE).equals(second.getOrDefault(key, NONE)));
    if (line.hasOption(Arguments.JSON)) {
      Map<String, List<String>> json = new LinkedHashMap<>();
      keys.forEach(
          key ->
              json.put(
                  key, List.of(first.getOrDefault(key, NONE), second.getOrDefault(key, NONE))));
      Arguments.printJson(json);
      return;
    }
    if (keys.isEmpty()) {
      System.out.printf("%s and %s do not differ%n", a, b);
      return;
    }
    int width = width(keys);
    int column =
        Math.min(
            WIDEST,
            keys.stream()
                .mapToInt(key -> first.getOrDefault(key, NONE).length())
                .reduce(a.length(), Math::max));
    String row = "%-" + width + "s  %-" + column + "s  %s%n";
    System.out.printf(row, "", a, b);
    keys.forEach(
        key ->
            System.out.printf(
                row, key, first.getOrDefault(key, NONE), second.getOrDefault(key, NONE)));
  }

  private static int width(Set<String> keys) {
    return keys.stream().mapToInt(String::length).max().orElse(1);
  }

  /** The settings and, for a run, what else it depends on, under lower-case names. */
  private static Map<String, String> values(CommandLine line, String argument) {
    Path path = Path.of(argument);
    if (Files.isDirectory(path)) {
      path = path.resolve("config.json");
    } else if (!Files.isRegularFile(path)) {
      if (ConfigReader.PRESETS.contains(argument)) {
        return ConfigValues.of(ConfigReader.read(argument, null, List.of()));
      }
      path = otherwise(line, argument);
    }
    Map<String, String> values =
        new LinkedHashMap<>(ConfigValues.of(ConfigReader.read(null, path, List.of())));
    RunInfo.find(path).ifPresent(run -> values.putAll(about(run)));
    return values;
  }

  private static Path otherwise(CommandLine line, String argument) {
    if (argument.equals("last")) {
      return RunFolder.last(RunOptions.folder(line), null)
          .map(RunFolder::config)
          .orElseThrow(
              () ->
                  new UserError(
                      "config last: expected a run in %s, found none"
                          .formatted(RunOptions.folder(line))));
    }
    throw new UserError(
        "config: expected the folder of a run, a configuration file, last or a preset (%s), found nothing at '%s'"
            .formatted(String.join(", ", ConfigReader.PRESETS), argument));
  }

  private static Map<String, String> about(RunInfo run) {
    Map<String, String> about = new LinkedHashMap<>();
    about.put(
        "dataset", "%s, %d photos (%s)".formatted(run.dataset(), run.photos(), run.fingerprint()));
    about.put("weights", run.weights());
    about.put("seed", String.valueOf(run.seed()));
    run.versions().forEach((part, version) -> about.put("version of " + part, version));
    about.put("command", String.join(" ; ", run.commands()));
    return about;
  }
}

package dev.selvage.studio.runs;

import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.util.UserError;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a user asks a new training for. All texts; null counts as empty.
 *
 * @param data the dataset, as {@code train --data} takes it
 * @param preset the settings to start from
 * @param weights a weight file, a run's folder, or none
 * @param name of the run; empty for the preset's
 * @param settings lines of {@code KEY=VALUE}
 */
record TrainingForm(String data, String preset, String weights, String name, String settings) {
  TrainingForm {
    data = stripped(data);
    preset = stripped(preset);
    weights = stripped(weights).isEmpty() ? "none" : stripped(weights);
    name = stripped(name);
    settings = settings == null ? "" : settings;
  }

  private static String stripped(String text) {
    return text == null ? "" : text.strip();
  }

  /**
   * The settings of the run, checked as {@code train} checks them.
   *
   * @throws FieldError a field is wrong
   */
  Config config() {
    requireExists("data", data, "a dataset: a folder, or a JSON file of COCO's layout");
    if (!weights.equals("none")) {
      requireExists("weights", weights, "a weight file, a run's folder, or none");
    }
    Config config = read("preset", List.of());
    if (!name.isEmpty()) {
      config = read("name", named());
    }
    List<String> lines = lines();
    if (lines.stream().anyMatch(line -> line.matches("NAME\\s*=.*")) && !name.isEmpty()) {
      throw new FieldError("settings", "NAME is given in a field of its own");
    }
    if (!lines.isEmpty()) {
      List<String> all = new ArrayList<>(named());
      all.addAll(lines);
      config = read("settings", all);
    }
    return config;
  }

  private Config read(String field, List<String> changes) {
    try {
      return ConfigReader.read(preset, null, changes);
    } catch (UserError e) {
      // the form has no options, so their names would only confuse
      throw new FieldError(field, e.getMessage().replaceFirst("^--\\w+:? ", ""));
    }
  }

  private static void requireExists(String field, String path, String expected) {
    try {
      if (!path.isEmpty() && Files.exists(Path.of(path))) {
        return;
      }
    } catch (InvalidPathException e) {
      // told below
    }
    throw new FieldError(
        field,
        "expected %s, found %s".formatted(expected, path.isEmpty() ? "nothing" : "no " + path));
  }

  /** The settings' lines, without empty ones. */
  private List<String> lines() {
    return settings.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  private List<String> named() {
    return name.isEmpty() ? List.of() : List.of("NAME=" + name);
  }

  /**
   * The command that trains.
   *
   * @param dir the run's folder
   */
  List<String> command(Path dir) {
    List<String> words = new ArrayList<>(List.of("train", "--data", data, "--preset", preset));
    named().forEach(setting -> words.addAll(List.of("--set", setting)));
    lines().forEach(setting -> words.addAll(List.of("--set", setting)));
    if (!weights.equals("none")) {
      words.addAll(List.of("--weights", weights));
    }
    words.addAll(List.of("--run", dir.toString(), "--new"));
    return words;
  }
}

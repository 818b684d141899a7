package dev.selvage.cli.options;

import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.data.Category;
import dev.selvage.data.Dataset;
import dev.selvage.run.WeightsInfo;
import dev.selvage.util.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** The configuration that {@code --preset}, {@code --config} and {@code --set} describe. */
public final class ConfigOptions {
  /** The preset of a run without settings. It suits a machine with two cores. */
  public static final Option PRESET =
      Arguments.value(
          "preset",
          "NAME",
          "settings to start from: " + String.join(", ", ConfigReader.PRESETS),
          "the settings of the run or of the weights, if there are any, else "
              + ConfigReader.DEFAULT_PRESET);

  public static final Option CONFIG =
      Arguments.value(
          "config",
          "FILE",
          "JSON file of settings; they replace those of --preset, or Matterport's defaults without"
              + " it");
  public static final Option SET =
      Arguments.repeatable(
          "set",
          "KEY=VALUE",
          "change one setting, such as EPOCHS=10,20 (a list); `config PRESET` lists all settings");

  private final Config config;

  /** The file or option that sets NUM_CLASSES; null if none does. */
  private final String classesSource;

  private ConfigOptions(Config config, String classesSource) {
    this.config = config;
    this.classesSource = classesSource;
  }

  /**
   * Reads the three options.
   *
   * @param nearby the config.json of a run or next to a weight file, or null; it is used if it
   *     exists and neither {@code --preset} nor {@code --config} is given
   */
  public static ConfigOptions read(CommandLine line, Path nearby) {
    return read(line, nearby, Optional.empty());
  }

  /**
   * The same for weights that say themselves how they were trained.
   *
   * @param inside what they say; used where there is no file nearby and none of {@code --preset}
   *     and {@code --config}
   */
  public static ConfigOptions read(CommandLine line, Path nearby, Optional<WeightsInfo> inside) {
    String preset = line.getOptionValue(PRESET);
    Path file = line.hasOption(CONFIG) ? Path.of(line.getOptionValue(CONFIG)) : null;
    if (preset == null && file == null) {
      if (nearby != null && Files.isRegularFile(nearby)) {
        file = nearby;
      } else if (inside.isPresent()) {
        WeightsInfo info = inside.get();
        return new ConfigOptions(info.config(settings(line)), info.file().toString());
      } else {
        preset = ConfigReader.DEFAULT_PRESET;
      }
    }
    List<String> settings = settings(line);
    Config config = ConfigReader.read(preset, file, settings);
    if (ConfigReader.names("NUM_CLASSES", null, settings)) {
      return new ConfigOptions(config, "--set");
    }
    boolean inFile = ConfigReader.names("NUM_CLASSES", file, settings);
    return new ConfigOptions(config, inFile ? file.toString() : null);
  }

  /** Whether {@code --set} gives a key a value. */
  public static boolean sets(CommandLine line, String key) {
    return ConfigReader.names(key, null, settings(line));
  }

  /** Whether the options set the name of a run. */
  public static boolean nameTheRun(CommandLine line) {
    return line.hasOption(PRESET) || line.hasOption(CONFIG) || sets(line, "NAME");
  }

  public Config config() {
    return config;
  }

  /** Whether a file or {@code --set} gives NUM_CLASSES; presets do not count. */
  public boolean setsClasses() {
    return classesSource != null;
  }

  /**
   * The configuration with NUM_CLASSES set to the number of categories of a dataset, plus the
   * background.
   *
   * @throws UserError if a file or {@code --set} sets another number
   */
  public Config fitTo(Dataset dataset) {
    return fitTo(dataset.categories(), dataset.name());
  }

  /**
   * The same, from the categories alone.
   *
   * @param name of the dataset, for the message
   */
  public Config fitTo(List<Category> categories, String name) {
    int classes = categories.size() + 1;
    if (classesSource != null && config.NUM_CLASSES != classes) {
      throw new UserError(
          "%s: NUM_CLASSES must be %d, the %d categories of %s and the background, found %d"
              .formatted(classesSource, classes, classes - 1, name, config.NUM_CLASSES));
    }
    return config.with("NUM_CLASSES", classes);
  }

  /** What {@code --set} gives values to, each KEY=VALUE. */
  public static List<String> settings(CommandLine line) {
    return line.hasOption(SET) ? List.of(line.getOptionValues(SET)) : List.of();
  }
}

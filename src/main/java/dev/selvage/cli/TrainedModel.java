package dev.selvage.cli;

import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.ConfigOptions;
import dev.selvage.cli.options.RunOptions;
import dev.selvage.config.Config;
import dev.selvage.data.Category;
import dev.selvage.nn.Parameters;
import dev.selvage.predict.SavedModel;
import dev.selvage.run.RunInfo;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** The model that {@code --weights} names, with its settings and the categories its run knew. */
final class TrainedModel {
  static final Option WEIGHTS =
      Arguments.value(
          "weights",
          "W",
          "a weight file .h5, the folder of a run, last or best (of the last run of --runs); of a"
              + " run the last complete epoch counts, for best the one with the best mask AP in"
              + " training");
  private final Path file;
  private final ConfigOptions settings;
  private final Optional<RunInfo> run;
  private final List<Category> known;

  private TrainedModel(Path file, ConfigOptions settings, Optional<RunInfo> run) {
    this.file = file;
    this.settings = settings;
    this.run = run;
    known = run.map(RunInfo::categories).orElse(List.of());
  }

  /**
   * Finds the weight file and reads the settings, from the config.json beside it where nothing else
   * is said.
   *
   * @throws UserError there is no such file
   */
  static TrainedModel find(CommandLine line) {
    Path file = RunOptions.weights(line, Arguments.required(line, "weights"));
    Path config = SavedModel.configOf(file);
    return new TrainedModel(file, ConfigOptions.read(line, config), RunInfo.find(config));
  }

  Path file() {
    return file;
  }

  /** What is known of the run that made the weights. */
  Optional<RunInfo> run() {
    return run;
  }

  Config config() {
    return settings.config();
  }

  /**
   * The categories in class order: the run's own, else numbered from 0 and named after their class.
   *
   * @throws UserError the run's categories are not as many as the settings say
   */
  List<Category> categories() {
    return SavedModel.categories(config(), known);
  }

  /**
   * Takes the classes from a dataset.
   *
   * @param dataset its name
   * @throws UserError the weights are known to be for others
   */
  Config fitTo(List<Category> categories, String dataset) {
    Config config = settings.fitTo(categories, dataset);
    for (int i = 0; i < Math.min(known.size(), categories.size()); i++) {
      if (!describe(known.get(i)).equals(describe(categories.get(i)))) {
        throw new UserError(
            "%s: expected the categories of the weights' run, where class %d is %s, found %s"
                .formatted(dataset, i + 1, describe(known.get(i)), describe(categories.get(i))));
      }
    }
    return config;
  }

  private static String describe(Category category) {
    return "\"%s\" (id %d)".formatted(category.name(), category.id());
  }

  /**
   * The parameters with the file's values; the caller closes them.
   *
   * @throws UserError the file is damaged, for another number of classes, or lacks a layer
   */
  Parameters load() {
    return SavedModel.load(file, config());
  }
}

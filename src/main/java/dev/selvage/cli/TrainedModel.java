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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** The model that {@code --weights} names: weight file, settings, and the categories of its run. */
final class TrainedModel {
  static final Option WEIGHTS =
      Arguments.value(
          "weights",
          "W",
          "weights to load: FILE.h5, a run's folder (its last complete epoch), last (the last complete"
              + " epoch of the latest run) or best (the latest run's epoch with the highest mask AP)");

  /** The options that name a model: its weights and its settings. */
  static final Option[] OPTIONS = {
    WEIGHTS, RunOptions.RUNS, ConfigOptions.PRESET, ConfigOptions.CONFIG, ConfigOptions.SET
  };

  private final Supplier<Path> choice;
  private Path file;
  private final ConfigOptions settings;
  private final Optional<RunInfo> run;
  private final List<Category> known;

  private TrainedModel(
      Supplier<Path> choice, Path file, ConfigOptions settings, Optional<RunInfo> run) {
    this.choice = choice;
    this.file = file;
    this.settings = settings;
    this.run = run;
    known = run.map(RunInfo::categories).orElse(List.of());
  }

  /**
   * Finds the weight file and reads the settings: those of the options, else those of the
   * config.json next to the file.
   *
   * @throws UserError there is no such file
   */
  static TrainedModel find(CommandLine line) {
    String weights = Arguments.required(line, "weights");
    RunOptions.requireUse(
        line, weights.equals("last") || weights.equals("best"), "--weights last or best");
    Supplier<Path> choice = () -> RunOptions.weights(line, weights);
    Path file = choice.get();
    Path config = SavedModel.configOf(file);
    return new TrainedModel(choice, file, ConfigOptions.read(line, config), RunInfo.find(config));
  }

  Path file() {
    return file;
  }

  /** The run that trained the weights; empty if there is no config.json next to them. */
  Optional<RunInfo> run() {
    return run;
  }

  Config config() {
    return settings.config();
  }

  /**
   * The categories in class order: those of the run, else numbered from 0 and named by their class.
   *
   * @throws UserError the run's categories are not as many as the settings say
   */
  List<Category> categories() {
    return SavedModel.categories(config(), known);
  }

  /**
   * Gives the settings with NUM_CLASSES of a dataset.
   *
   * @param dataset the name of the dataset, for messages
   * @throws UserError the weights were trained for other categories
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
   * Loads the parameters from the file; the caller closes them.
   *
   * @param config the settings, with the classes of a dataset where {@link #fitTo} gave them
   * @throws UserError the file is damaged, for another number of classes, or lacks a layer
   */
  Parameters load(Config config) {
    while (true) {
      try {
        return SavedModel.load(file, config);
      } catch (UserError e) {
        Path newer = Files.exists(file) ? file : choice.get();
        if (newer.equals(file)) {
          throw e;
        }
        file = newer; // a training has deleted the one before, see KEEP_CHECKPOINTS
      }
    }
  }
}

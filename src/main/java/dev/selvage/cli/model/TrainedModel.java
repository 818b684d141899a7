package dev.selvage.cli.model;

import dev.selvage.cli.options.ConfigOptions;
import dev.selvage.cli.options.RunOptions;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.data.Category;
import dev.selvage.nn.Parameters;
import dev.selvage.predict.SavedModel;
import dev.selvage.predict.WeightsOrigin;
import dev.selvage.util.ContentHash;
import dev.selvage.util.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.commons.cli.CommandLine;

/** One model that {@code --weights} names: file, settings, and the categories of its run. */
public final class TrainedModel {
  private final Supplier<Path> choice;
  private Path file;
  private final WeightsOrigin origin;
  private final ConfigOptions settings;

  /** Whether {@code --preset} or {@code --config} is given. */
  private final boolean explicit;

  /** The dataset whose categories the weights are taken to be for; null if none is. */
  private String fittedTo;

  /** Of the file's content; null until somebody asks, for it reads the whole file. */
  private String hash;

  /** Whether stderr has what is to be known about the settings. */
  private boolean noted;

  private TrainedModel(
      Supplier<Path> choice,
      Path file,
      WeightsOrigin origin,
      ConfigOptions settings,
      boolean explicit) {
    this.choice = choice;
    this.file = file;
    this.origin = origin;
    this.settings = settings;
    this.explicit = explicit;
  }

  /**
   * Finds the weight file and reads the settings: those of the options, else those of the
   * config.json next to the file, else those that the file holds.
   *
   * @param weights a value of {@code --weights}
   * @throws UserError there is no such file, or it is damaged
   */
  public static TrainedModel find(CommandLine line, String weights) {
    Supplier<Path> choice = () -> RunOptions.weights(line, weights);
    Path file = choice.get();
    WeightsOrigin origin = WeightsOrigin.of(file);
    return new TrainedModel(
        choice,
        file,
        origin,
        ConfigOptions.read(line, origin.nearby().orElse(null), origin.inside()),
        line.hasOption(ConfigOptions.PRESET) || line.hasOption(ConfigOptions.CONFIG));
  }

  public Path file() {
    return file;
  }

  /** SHA-256 of the weight file, in hexadecimal digits. */
  String hash() {
    if (hash == null) {
      hash = ContentHash.of(file);
    }
    return hash;
  }

  /** What is known about the training of the weights. */
  public WeightsOrigin origin() {
    return origin;
  }

  /** The settings; with as many classes as the file has where no file or option says more. */
  public Config config() {
    Config config = settings.config();
    return settings.setsClasses() || origin.classes().isEmpty()
        ? config
        : config.with("NUM_CLASSES", origin.classes().getAsInt());
  }

  /**
   * The categories in class order: those of the training, else numbered from 0 and named by their
   * class.
   *
   * @throws UserError the training's categories are not as many as the settings say
   */
  public List<Category> categories() {
    return SavedModel.categories(config(), origin.categories());
  }

  /**
   * Gives the settings with NUM_CLASSES of a dataset.
   *
   * @param dataset the name of the dataset, for messages
   * @throws UserError the weights were trained for other categories
   */
  public Config fitTo(List<Category> categories, String dataset) {
    origin.requireCategories(file, categories, dataset);
    fittedTo = dataset;
    return settings.fitTo(categories, dataset);
  }

  /**
   * Loads the parameters from the file; the caller closes them.
   *
   * @param config the settings, with the classes of a dataset where {@link #fitTo} gave them
   * @throws UserError the file is damaged, for another number of classes, or lacks a layer
   */
  public Parameters load(Config config) {
    if (!noted) {
      noteSettings(config);
      noted = true;
    }
    while (true) {
      try {
        return SavedModel.load(file, config);
      } catch (UserError e) {
        Path newer = Files.exists(file) ? file : choice.get();
        if (newer.equals(file)) {
          throw e;
        }
        file = newer; // a training has deleted the one before, see KEEP_CHECKPOINTS
        hash = null;
      }
    }
  }

  private void noteSettings(Config config) {
    origin
        .foreign()
        .filter(other -> !explicit)
        .ifPresent(
            other -> note("%s is of another run than %s, which has its own settings", other, file));
    List<String> contradictions = origin.contradictions(config);
    if (!contradictions.isEmpty()) {
      note("%s was trained with %s", file, String.join("; ", contradictions));
    }
    List<String> assumed = assumed(config);
    if (!assumed.isEmpty()) {
      note("%s does not say how it was trained: assumed %s", file, String.join(", and ", assumed));
    }
  }

  private List<String> assumed(Config config) {
    List<String> assumed = new ArrayList<>();
    if (!explicit && origin.nearby().isEmpty() && origin.inside().isEmpty()) {
      assumed.add(
          "the settings of preset %s (BACKBONE=%s, IMAGE_MAX_DIM=%d)"
              .formatted(ConfigReader.DEFAULT_PRESET, config.BACKBONE, config.IMAGE_MAX_DIM));
    }
    if (origin.categories().isEmpty()) {
      int count = config.NUM_CLASSES - 1;
      assumed.add(
          fittedTo == null
              ? "%d categories, named class 1 to class %d".formatted(count, count)
              : "the %d categories of %s, in their order".formatted(count, fittedTo));
    }
    return assumed;
  }

  private static void note(String format, Object... values) {
    System.err.println("selvage: " + format.formatted(values));
  }
}

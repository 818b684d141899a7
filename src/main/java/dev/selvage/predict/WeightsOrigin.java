package dev.selvage.predict;

import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.config.ConfigWriter;
import dev.selvage.data.Category;
import dev.selvage.run.ModelSettings;
import dev.selvage.run.RunInfo;
import dev.selvage.run.WeightsInfo;
import dev.selvage.util.UserError;
import dev.selvage.weights.files.KerasFile;
import dev.selvage.weights.files.WeightFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is known about how weights were trained: by config.json next to the file where that is the
 * weights' own run, else by the file itself.
 *
 * @param classes that the layers of the file are for, background included; empty where it has none
 * @param inside what the file says
 * @param run what config.json says about the run
 * @param nearby config.json next to the file, unless it belongs to another run
 * @param foreign config.json next to the file, if it belongs to another run
 */
public record WeightsOrigin(
    OptionalInt classes,
    Optional<WeightsInfo> inside,
    Optional<RunInfo> run,
    Optional<Path> nearby,
    Optional<Path> foreign) {
  /**
   * Looks into a weight file and next to it.
   *
   * @throws dev.selvage.util.UserError if it is no Keras file, or either is damaged
   */
  public static WeightsOrigin of(Path weights) {
    WeightFiles.Origin origin = KerasFile.origin(weights);
    Optional<WeightsInfo> inside = WeightsInfo.of(weights, origin.texts());
    Path config = SavedModel.configOf(weights);
    Optional<Path> nearby = Optional.of(config).filter(Files::isRegularFile);
    Optional<RunInfo> run = RunInfo.find(config);
    // without "about" it is what a user wrote, who means it
    boolean other = inside.isPresent() && run.isPresent() && !inside.get().isOf(run.get());
    return other
        ? new WeightsOrigin(origin.classes(), inside, Optional.empty(), Optional.empty(), nearby)
        : new WeightsOrigin(origin.classes(), inside, run, nearby, Optional.empty());
  }

  /** The settings of the training; empty where nothing tells them. */
  public Optional<Config> config(List<String> changes) {
    return nearby
        .map(file -> ConfigReader.read(null, file, changes))
        .or(() -> inside.map(info -> info.config(changes)));
  }

  /**
   * Settings with which a model computes something else than the one that was trained.
   *
   * @return sentences, one per key that the training's settings give another value
   */
  public List<String> contradictions(Config config) {
    return inside
        .map(WeightsInfo::json)
        .or(() -> config(List.of()).map(c -> ConfigWriter.toJson(c, Map.of())))
        .map(trained -> ModelSettings.differences(trained, config))
        .orElse(List.of());
  }

  /**
   * Refuses the categories of another dataset than the weights were trained on.
   *
   * @param weights the file, and the name of the dataset, for messages
   * @throws UserError they are more or fewer, or a class is another one
   */
  public void requireCategories(Path weights, List<Category> categories, String dataset) {
    int found = categories.size();
    int trained = classes.orElse(found + 1) - 1;
    if (trained != found) {
      throw new UserError(
          "%s: expected the %d categories that the weights %s were trained for, found %d"
              .formatted(dataset, trained, weights, found));
    }
    List<Category> known = categories();
    for (int i = 0; i < Math.min(known.size(), found); i++) {
      String expected = describe(known.get(i));
      if (!expected.equals(describe(categories.get(i)))) {
        throw new UserError(
            "%s: expected the categories of the weights' training, where class %d is %s, found %s"
                .formatted(dataset, i + 1, expected, describe(categories.get(i))));
      }
    }
  }

  /** How a category is named in messages. */
  public static String describe(Category category) {
    return "\"%s\" (id %d)".formatted(category.name(), category.id());
  }

  /** The categories of the training in class order; empty where nothing tells them. */
  public List<Category> categories() {
    return run.map(RunInfo::categories)
        .orElseGet(() -> inside.map(WeightsInfo::categories).orElse(List.of()));
  }
}

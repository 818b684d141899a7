package dev.selvage.predict;

import dev.selvage.config.Config;
import dev.selvage.data.Category;
import dev.selvage.model.ParameterTable;
import dev.selvage.nn.Parameters;
import dev.selvage.util.UserError;
import dev.selvage.weights.LoadReport;
import dev.selvage.weights.files.KerasFile;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** A complete model out of a weight file, and the categories of its classes. */
public final class SavedModel {
  private SavedModel() {}

  /** Where a training run puts the settings of its weight files: next to them. */
  public static Path configOf(Path weights) {
    return weights.toAbsolutePath().resolveSibling("config.json");
  }

  /**
   * The categories in class order.
   *
   * @param known the categories of the run that made the weights. Where it is empty, categories are
   *     numbered from 0 and named "class 1", "class 2" and so on.
   * @throws UserError the run has another number of categories than the settings
   */
  public static List<Category> categories(Config config, List<Category> known) {
    int count = config.NUM_CLASSES - 1;
    if (known.isEmpty()) {
      return IntStream.rangeClosed(1, count)
          .mapToObj(c -> new Category(c - 1, "class " + c, ""))
          .toList();
    }
    if (known.size() != count) {
      throw new UserError(
          "NUM_CLASSES: expected %d (the background and the %d categories of the weights' training), found %d"
              .formatted(known.size() + 1, known.size(), count + 1));
    }
    return known;
  }

  /**
   * The parameters with the file's values; the caller closes them.
   *
   * @throws UserError the file is damaged, has another number of classes, or lacks a layer
   */
  public static Parameters load(Path weights, Config config) {
    Parameters parameters = new Parameters(ParameterTable.of(config));
    try {
      LoadReport report = KerasFile.load(weights, parameters, false);
      if (!report.missing().isEmpty()) {
        throw new UserError(
            "%s: expected weights for every layer of the model, found none for %s%s"
                .formatted(
                    weights,
                    report.missing().get(0),
                    report.missing().size() == 1
                        ? ""
                        : " and %d more".formatted(report.missing().size() - 1)));
      }
      return parameters;
    } catch (RuntimeException e) {
      parameters.close();
      throw e;
    }
  }
}

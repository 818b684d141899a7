package dev.selvage.predict;

import dev.selvage.config.Config;
import dev.selvage.data.Category;
import dev.selvage.model.ParameterTable;
import dev.selvage.nn.ParameterSpec;
import dev.selvage.nn.ParameterSpec.Kind;
import dev.selvage.nn.Parameters;
import dev.selvage.util.ProcessMemory.Room;
import dev.selvage.util.UserError;
import dev.selvage.weights.LoadReport;
import dev.selvage.weights.files.KerasFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A complete model out of a weight file, and the categories of its classes. */
public final class SavedModel {
  private static final double MB = 1e6;

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
   * Refuses models that cannot all be in memory at a time.
   *
   * @param configs of the models
   * @param room that this process may take
   * @throws UserError their weights alone take more
   */
  public static void requireRoom(List<Config> configs, Room room) {
    double bytes = configs.stream().mapToDouble(SavedModel::bytes).sum();
    if (bytes > room.bytes()) {
      throw new UserError(
          String.format(
              Locale.ROOT,
              "--weights: expected models whose weights fit in the %.0f MB of %s, found %d that take %.0f MB; use fewer at a time",
              room.bytes() / MB,
              room.limit(),
              configs.size(),
              bytes / MB));
    }
  }

  /** Of the weights, of the copies into which normalization is folded, and of the kept forms. */
  private static double bytes(Config config) {
    return ParameterTable.of(config).stream()
        .mapToDouble(
            spec -> ((isFolded(spec) ? 2 : 1) + keptForms(spec)) * spec.size() * Float.BYTES)
        .sum();
  }

  /**
   * How many times its size the forms of a kernel take in which it is read. A kernel of 3x3 is
   * transformed for tiles of different sizes, to 16/9 to 49/9 of its size, on the average of a
   * model to four times.
   */
  private static double keptForms(ParameterSpec spec) {
    long[] shape = spec.shape();
    boolean isKernel = spec.part().equals("kernel");
    return !isKernel ? 0 : shape.length == 4 && shape[0] == 3 ? 4 : 1;
  }

  private static boolean isFolded(ParameterSpec spec) {
    boolean normalized = spec.layer().startsWith("res") || spec.layer().startsWith("mrcnn_");
    return normalized && spec.kind() == Kind.CONV && spec.part().equals("kernel");
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
      parameters.holdConstant();
      return parameters;
    } catch (RuntimeException e) {
      parameters.close();
      throw e;
    }
  }
}

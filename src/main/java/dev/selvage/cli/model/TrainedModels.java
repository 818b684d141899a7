package dev.selvage.cli.model;

import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.ConfigOptions;
import dev.selvage.cli.options.PrecisionOption;
import dev.selvage.cli.options.RunOptions;
import dev.selvage.config.Config;
import dev.selvage.data.Category;
import dev.selvage.data.image.Photos;
import dev.selvage.nn.Parameters;
import dev.selvage.predict.Predictor;
import dev.selvage.predict.SavedModel;
import dev.selvage.predict.View;
import dev.selvage.predict.WeightsOrigin;
import dev.selvage.runtime.Native;
import dev.selvage.tune.Tuned;
import dev.selvage.tune.TunedFile;
import dev.selvage.util.ProcessMemory;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/**
 * The models that {@code --weights} names. What several of them find is merged, and does not depend
 * on the order in which they are named: they are sorted by the content of their files.
 */
public final class TrainedModels {
  public static final Option WEIGHTS =
      Arguments.repeatable(
          "weights",
          "W",
          "weights to load: FILE.h5, a run's folder (its last complete epoch), last (the last complete"
              + " epoch of the latest run) or best (the latest run's epoch with the highest mask AP);"
              + " several models are merged, each with its own settings, which --set changes in all"
              + " of them");

  /** The options that name models: their weights and their settings. */
  public static final Option[] OPTIONS = {
    WEIGHTS, RunOptions.RUNS, ConfigOptions.PRESET, ConfigOptions.CONFIG, ConfigOptions.SET
  };

  /** For commands that choose detections by the rules that {@code tune} found. */
  public static final Option TUNED =
      Arguments.value(
          "tuned",
          "FILE",
          "choose detections by the settings in this file, which `tune` wrote for these weights, and"
              + " not by those of the DETECTION keys");

  /** For commands that show the model several views of each photo. */
  public static final Option VIEWS = views("none; those of --tuned");

  /** {@code --views} of a command without {@code --tuned}. */
  public static final Option VIEWS_ALONE = views("none");

  /** Settings of what is common to all models. */
  private static final List<Common> COMMON =
      List.of(
          new Common("DETECTION_MIN_CONFIDENCE", c -> c.DETECTION_MIN_CONFIDENCE),
          new Common("DETECTION_NMS_THRESHOLD", c -> c.DETECTION_NMS_THRESHOLD),
          new Common("DETECTION_ALL_CLASSES", c -> c.DETECTION_ALL_CLASSES),
          new Common("DETECTION_MAX_INSTANCES", c -> c.DETECTION_MAX_INSTANCES),
          new Common("DETECTION_MASK_THRESHOLD", c -> c.DETECTION_MASK_THRESHOLD),
          new Common("DETECTION_MASK_EDGES", c -> c.DETECTION_MASK_EDGES),
          new Common("EXIF_ORIENTATION", c -> c.EXIF_ORIENTATION.name().toLowerCase(Locale.ROOT)));

  private record Common(String key, Function<Config, Object> value) {}

  /** Digits of a hash that tell files of several models apart. */
  private static final int SHORT = 8;

  /** As they were named. */
  private final List<TrainedModel> named;

  private final TrainedModel naming;

  /** By the hash of their file. */
  private final List<TrainedModel> models;

  private TrainedModels(List<TrainedModel> named) {
    this.named = named;
    naming = naming(named);
    named.stream().filter(m -> m != naming).forEach(m -> requireSameClasses(naming, m));
    models =
        named.size() == 1
            ? named
            : named.stream().sorted(Comparator.comparing(TrainedModel::hash)).toList();
  }

  /**
   * Finds the weight files and reads their settings.
   *
   * @throws UserError there is no such file, it is damaged, or the models have different classes
   */
  public static TrainedModels find(CommandLine line) {
    Arguments.required(line, "weights");
    List<String> named = List.of(line.getOptionValues(WEIGHTS));
    RunOptions.requireUse(
        line, named.contains("last") || named.contains("best"), "--weights last or best");
    return among(line);
  }

  /** The same for a command that needs {@code --runs} for other things too. */
  public static TrainedModels among(CommandLine line) {
    List<String> weights = List.of(line.getOptionValues(WEIGHTS));
    for (Option option : List.of(ConfigOptions.PRESET, ConfigOptions.CONFIG)) {
      if (weights.size() > 1 && line.hasOption(option)) {
        throw new UserError(
            "option --%s: expected none with several --weights, which have settings of their own; --set KEY=VALUE changes one in all of them"
                .formatted(option.getLongOpt()));
      }
    }
    List<TrainedModel> named = weights.stream().map(w -> TrainedModel.find(line, w)).toList();
    return new TrainedModels(named);
  }

  /** The model whose training names the categories, if any does. */
  private static TrainedModel naming(List<TrainedModel> models) {
    return models.stream()
        .filter(m -> !m.origin().categories().isEmpty())
        .findFirst()
        .orElse(models.get(0));
  }

  private static void requireSameClasses(TrainedModel first, TrainedModel other) {
    List<Category> expected = first.categories();
    List<Category> found = other.categories();
    if (expected.size() != found.size()) {
      throw new UserError(
          "--weights: expected models of the same classes, found %d in %s and %d in %s"
              .formatted(expected.size(), first.file(), found.size(), other.file()));
    }
    for (int c = 0; c < expected.size() && !other.origin().categories().isEmpty(); c++) {
      String one = WeightsOrigin.describe(expected.get(c));
      String two = WeightsOrigin.describe(found.get(c));
      if (!one.equals(two)) {
        throw new UserError(
            "--weights: expected models of the same classes, found class %d to be %s in %s and %s in %s"
                .formatted(c + 1, one, first.file(), two, other.file()));
      }
    }
  }

  /** The models, in the order in which they are merged. */
  public List<TrainedModel> all() {
    return models;
  }

  /** The weight file that was named first; what a command writes lies next to it. */
  public Path firstFile() {
    return named.get(0).file();
  }

  /** The model that was named first, alone. */
  public TrainedModels first() {
    return new TrainedModels(named.subList(0, 1));
  }

  /** The weight files as they were named, for a line of text. */
  public String text() {
    return named.stream().map(m -> m.file().toString()).collect(Collectors.joining(" + "));
  }

  /** The same without their folders. */
  public String names() {
    return named.stream()
        .map(m -> m.file().getFileName().toString())
        .collect(Collectors.joining(" + "));
  }

  /** SHA-256 of the weight files, joined by "+" in ascending order. */
  public String hash() {
    return models.stream().map(TrainedModel::hash).collect(Collectors.joining("+"));
  }

  /** A name for files about these weights: that of the file, or one for this set of files. */
  public String stem() {
    return named.size() == 1
        ? firstFile().getFileName().toString().replaceFirst("\\.h5$", "")
        : shortHash();
  }

  /** The first digits of what {@link #hash} has of each file. */
  public String shortHash() {
    return models.stream().map(m -> m.hash().substring(0, SHORT)).collect(Collectors.joining("+"));
  }

  /** The categories in class order, as {@link TrainedModel#categories}. */
  public List<Category> categories() {
    return naming.categories();
  }

  /**
   * The settings of each model.
   *
   * @throws UserError they choose detections in different ways
   */
  public List<Config> configs() {
    return models.size() == 1
        ? List.of(naming.config())
        : fitTo(naming.categories(), naming.file().toString());
  }

  /**
   * The settings of each model with NUM_CLASSES of a dataset.
   *
   * @param dataset the name of the dataset, for messages
   * @throws UserError the weights were trained for other categories, or as {@link #configs}
   */
  public List<Config> fitTo(List<Category> categories, String dataset) {
    return requireCommon(models.stream().map(m -> m.fitTo(categories, dataset)).toList());
  }

  private List<Config> requireCommon(List<Config> configs) {
    for (Common setting : COMMON) {
      Object first = setting.value.apply(configs.get(0));
      for (int m = 1; m < configs.size(); m++) {
        Object other = setting.value.apply(configs.get(m));
        if (!other.equals(first)) {
          throw new UserError(
              "%s: expected the same in all --weights, found %s in %s and %s in %s; --set %s=VALUE sets it in all of them"
                  .formatted(
                      setting.key,
                      first,
                      models.get(0).file(),
                      other,
                      models.get(m).file(),
                      setting.key));
        }
      }
    }
    return configs;
  }

  /** Settings with the type of {@code --precision}; call it after the device is chosen. */
  public static List<Config> withPrecision(CommandLine line, List<Config> configs) {
    return configs.stream().map(config -> PrecisionOption.apply(line, config)).toList();
  }

  /**
   * Loads the parameters from the files; the caller closes them.
   *
   * @param configs the settings of each model
   * @throws UserError a file is damaged, for another number of classes, or lacks a layer; or there
   *     is too little memory for all models
   */
  public Loaded load(List<Config> configs) {
    if (Native.selectedDevice().getString().equals("cpu")) {
      ProcessMemory.room().ifPresent(room -> SavedModel.requireRoom(configs, room));
    }
    Loaded loaded = new Loaded(configs, new ArrayList<>());
    try {
      for (int m = 0; m < models.size(); m++) {
        loaded.parameters.add(models.get(m).load(configs.get(m)));
      }
      return loaded;
    } catch (RuntimeException e) {
      loaded.close();
      throw e;
    }
  }

  /** The models in memory. */
  public record Loaded(List<Config> configs, List<Parameters> parameters) implements AutoCloseable {
    /** A predictor of all models, by their settings and over the plain view. */
    public Predictor predictor(Photos photos) {
      Predictor predictor = new Predictor(configs.get(0), parameters.get(0), photos);
      for (int m = 1; m < configs.size(); m++) {
        predictor = predictor.with(configs.get(m), parameters.get(m));
      }
      return predictor;
    }

    @Override
    public void close() {
      parameters.forEach(Parameters::close);
    }
  }

  /**
   * The rules of {@link #TUNED}; empty without that option.
   *
   * @param categories of the detections, in class order
   * @throws UserError they are damaged, or for other weights or categories
   */
  public Optional<Tuned> tuned(CommandLine line, Supplier<List<Category>> categories) {
    return Optional.ofNullable(line.getOptionValue(TUNED))
        .map(Path::of)
        .map(
            path -> {
              Tuned tuned = TunedFile.read(path);
              tuned.requireFor(path, hash(), categories.get());
              return tuned;
            });
  }

  private static Option views(String standard) {
    return Arguments.value(
        "views",
        "LIST",
        "show the model more views of each photo and merge what it finds: flip, and scales such as"
            + " 0.8, separated by commas; each costs as much time as the photo itself",
        standard);
  }

  /**
   * The views of {@link #VIEWS}, else those of tuned rules, the plain one first.
   *
   * @throws UserError the option is no list of views, or not that of the tuned rules
   */
  public static List<View> views(CommandLine line, Optional<Tuned> tuned) {
    List<View> tunedFor = tuned.map(Tuned::views).orElse(List.of(View.PLAIN));
    if (!line.hasOption(VIEWS)) {
      return tunedFor;
    }
    List<View> views = View.parse(line.getOptionValue(VIEWS));
    if (tuned.isPresent() && !views.equals(tunedFor)) {
      throw new UserError(
          "option --views: expected the views that %s was tuned for, or none, found '%s'"
              .formatted(line.getOptionValue(TUNED), line.getOptionValue(VIEWS)));
    }
    return views;
  }
}

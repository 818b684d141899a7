package dev.selvage.studio.results;

import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.data.Dataset;
import dev.selvage.data.split.Split;
import dev.selvage.predict.RawFile;
import dev.selvage.predict.View;
import dev.selvage.predict.WeightsOrigin;
import dev.selvage.run.NamedWeights;
import dev.selvage.run.RunFolder;
import dev.selvage.run.RunInfo;
import dev.selvage.run.RunSplit;
import dev.selvage.run.WeightsInfo;
import dev.selvage.studio.data.RunSplits;
import dev.selvage.util.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Finds the weight files of models, and the settings and photos that belong to them. */
final class StudioModels {
  private final RunSplits runs;
  private final Optional<String> weights;

  /**
   * The models of a folder of runs, and one more.
   *
   * @param weights what the studio was started with: a weight file, a run's folder, last or best
   */
  StudioModels(RunSplits runs, Optional<String> weights) {
    this.runs = runs;
    this.weights = weights;
  }

  RunSplits runs() {
    return runs;
  }

  /** What the studio was started with. */
  Optional<String> weights() {
    return weights;
  }

  /**
   * The weight file of a model.
   *
   * @throws UserError there is no such run, or no such epoch of it
   */
  Path file(ModelKey model) {
    if (model.run().isEmpty()) {
      String given =
          weights.orElseThrow(() -> new UserError("expected the name of a run, found none"));
      return NamedWeights.find(runs.folder(), given);
    }
    RunFolder run = runs.run(model.run());
    Path file = null;
    if (model.epoch().equals(ModelKey.BEST)) {
      file = run.best();
    } else if (model.epoch().matches("\\d{1,6}")) {
      file = run.checkpoint(Integer.parseInt(model.epoch()));
    }
    if (file == null || !Files.isRegularFile(file)) {
      throw new UserError(
          "%s: expected an epoch with weights, found none with '%s'"
              .formatted(model.run(), model.epoch()));
    }
    return file;
  }

  /** Where the raw detections of a model lie, or would. */
  Path raw(ModelKey model) {
    Path file = file(model);
    String stem = file.getFileName().toString().replaceFirst("\\.h5$", "");
    return RawFile.nextTo(file, stem, model.part(), List.of(View.PLAIN));
  }

  /**
   * The settings of a model for the classes of a dataset.
   *
   * @throws UserError it was trained for other classes
   */
  Config config(ModelKey model, Dataset dataset) {
    Path file = file(model);
    WeightsOrigin origin = WeightsOrigin.of(file);
    origin.requireCategories(file, dataset.categories(), dataset.name());
    return origin
        .config(List.of())
        .orElseGet(() -> ConfigReader.read(ConfigReader.DEFAULT_PRESET, null, List.of()))
        .with("NUM_CLASSES", dataset.categories().size() + 1);
  }

  /**
   * The photos of a model's part, by their indices.
   *
   * @throws UserError it does not say which photos it was trained on, or there are none
   */
  int[] images(ModelKey model, Dataset dataset) {
    int[] images;
    if (model.part().equals("all")) {
      images = IntStream.range(0, dataset.size()).toArray();
    } else {
      Split split = split(model, dataset);
      images = model.part().equals("train") ? split.train() : split.valid();
    }
    if (images.length == 0) {
      throw new UserError("%s: expected at least one photo, found none".formatted(model));
    }
    return images;
  }

  private Split split(ModelKey model, Dataset dataset) {
    if (!model.run().isEmpty()) {
      return runs.split(model.run(), dataset);
    }
    Path file = file(model);
    WeightsOrigin origin = WeightsOrigin.of(file);
    Path folder = file.toAbsolutePath().getParent();
    Optional<RunInfo> run = origin.run();
    if (run.isPresent() && RunSplit.isFor(folder, run.get(), dataset)) {
      return RunSplit.of(folder, dataset, config(model, dataset), run.get().seed());
    }
    return origin
        .inside()
        .filter(info -> run.isEmpty())
        .flatMap((WeightsInfo info) -> info.split(dataset))
        .orElseThrow(
            () ->
                new UserError(
                    "%s: expected weights that were trained on %s, found some that do not say which of its photos were held out; choose all photos"
                        .formatted(file.getFileName(), dataset.name())));
  }
}

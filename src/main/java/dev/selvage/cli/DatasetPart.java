package dev.selvage.cli;

import dev.selvage.cli.model.TrainedModel;
import dev.selvage.cli.model.TrainedModels;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.ConfigOptions;
import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.split.Split;
import dev.selvage.predict.WeightsOrigin;
import dev.selvage.run.RunInfo;
import dev.selvage.run.RunSplit;
import dev.selvage.run.WeightsInfo;
import dev.selvage.run.WeightsInfo.Training;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** The part of a dataset that {@code --split} and {@code --seed} name. */
final class DatasetPart {
  private static final String OTHER_PHOTOS =
      "--split all takes all photos, --seed N a new split, which may have photos of the training";

  /** {@code --seed}. */
  static final Option SEED =
      Arguments.value(
          "seed",
          "N",
          "make a new split with this random seed",
          "the split of the weights' training");

  private DatasetPart() {}

  /**
   * {@code --split}.
   *
   * @param purpose what the photos are for: "to evaluate"
   */
  static Option split(String purpose) {
    return Arguments.value(
        "split",
        "PART",
        "photos %s: train, valid or all; the split is that of the weights' training"
            .formatted(purpose),
        "valid");
  }

  /**
   * The part that is asked for: train, valid or all.
   *
   * @throws UserError the options contradict each other
   */
  static String of(CommandLine line) {
    String part = Arguments.choice(line, "split", "valid", "train", "valid", "all");
    if (part.equals("all") && line.hasOption("seed")) {
      throw new UserError("option --seed: expected --split train or valid, found --split all");
    }
    return part;
  }

  /**
   * The photos of a part: those that all models trained on, or that all of them held out. A line on
   * stderr says how many are left out since only some models did.
   *
   * @param part train, valid or all
   * @param configs the settings of each model
   * @throws UserError the models have no such photo in common
   */
  static int[] images(
      CommandLine line, String part, TrainedModels models, Dataset dataset, List<Config> configs) {
    List<int[]> each = new ArrayList<>();
    for (int m = 0; m < configs.size(); m++) {
      each.add(images(line, part, models.all().get(m), dataset, configs.get(m)));
    }
    int[] common =
        Arrays.stream(each.get(0))
            .filter(i -> each.stream().allMatch(images -> Arrays.binarySearch(images, i) >= 0))
            .toArray();
    long some = each.stream().flatMapToInt(Arrays::stream).distinct().count();
    if (common.length == 0 && some > 0) {
      throw new UserError(
          "--split %s: expected photos that all --weights %s, found none in common among %d; --split all takes all photos"
              .formatted(part, verb(part), some));
    }
    if (common.length < some) {
      System.err.printf(
          "selvage: --split %s: %d photos that all --weights %s; %d that only some of them did are"
              + " left out%n",
          part, common.length, verb(part), some - common.length);
    }
    return common;
  }

  private static String verb(String part) {
    return part.equals("train") ? "trained on" : "held out";
  }

  private static int[] images(
      CommandLine line, String part, TrainedModel model, Dataset dataset, Config config) {
    if (part.equals("all")) {
      return IntStream.range(0, dataset.size()).toArray();
    }
    Split split = split(line, part, model, dataset, config);
    return part.equals("train") ? split.train() : split.valid();
  }

  /** The split of the weights' training, unless the options or the dataset require another one. */
  private static Split split(
      CommandLine line, String part, TrainedModel model, Dataset dataset, Config config) {
    WeightsOrigin origin = model.origin();
    if (line.hasOption("seed")) {
      return anew(dataset, config, part, Arguments.seed(line, 0));
    }
    if (origin.run().isPresent()) {
      return splitOfRun(model.file(), origin.run().get(), part, dataset, config);
    }
    Training training =
        origin
            .inside()
            .flatMap(WeightsInfo::training)
            .orElseThrow(
                () ->
                    new UserError(
                        "--split %s: expected weights that say which photos were held out, found %s, which does not; %s"
                            .formatted(part, model.file(), OTHER_PHOTOS)));
    if (ConfigOptions.sets(line, "FOLD") || ConfigOptions.sets(line, "VALIDATION_FRACTION")) {
      return anew(dataset, config, part, training.seed());
    }
    return origin
        .inside()
        .get()
        .split(dataset)
        .orElseThrow(
            () ->
                new UserError(
                    "--split %s: expected the %d photos of %s, on which %s was trained, found %d photos of %s, with other names; %s"
                        .formatted(
                            part,
                            training.photos(),
                            training.dataset(),
                            model.file(),
                            dataset.size(),
                            dataset.name(),
                            OTHER_PHOTOS)));
  }

  private static Split splitOfRun(
      Path weights, RunInfo run, String part, Dataset dataset, Config config) {
    Path folder = weights.toAbsolutePath().getParent();
    if (!RunSplit.isFor(folder, run, dataset)) {
      System.err.printf(
          "selvage: the weights were trained on another dataset (%d photos of %s): --split %s is a"
              + " new split, not that of their training%n",
          run.photos(), run.dataset(), part);
      return Split.of(dataset, config, run.seed());
    }
    return RunSplit.asksForAnother(folder, config)
        ? anew(dataset, config, part, run.seed())
        : RunSplit.of(folder, dataset, config, run.seed());
  }

  private static Split anew(Dataset dataset, Config config, String part, long seed) {
    System.err.printf(
        "selvage: --split %s is a new split, in which there may be photos that the weights were"
            + " trained on%n",
        part);
    return Split.of(dataset, config, seed);
  }

  /**
   * The photos of a dataset that weights were trained on, ascending; empty where the weights do not
   * say it. Where they were trained on other photos, there are none.
   */
  static Optional<int[]> seen(TrainedModel model, Dataset dataset, Config config) {
    WeightsOrigin origin = model.origin();
    if (origin.run().isPresent()) {
      RunInfo run = origin.run().get();
      Path folder = model.file().toAbsolutePath().getParent();
      return Optional.of(
          RunSplit.isFor(folder, run, dataset)
              ? RunSplit.of(folder, dataset, config, run.seed()).train()
              : new int[0]);
    }
    return origin
        .inside()
        .filter(info -> info.training().isPresent())
        .map(info -> info.split(dataset).map(Split::train).orElse(new int[0]));
  }
}

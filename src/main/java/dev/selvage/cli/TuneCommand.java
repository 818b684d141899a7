package dev.selvage.cli;

import dev.selvage.cli.command.Command;
import dev.selvage.cli.model.TrainedModel;
import dev.selvage.cli.model.TrainedModels;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.cli.options.DatasetOptions;
import dev.selvage.cli.options.DeviceOptions;
import dev.selvage.cli.options.PrecisionOption;
import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.image.Photos;
import dev.selvage.predict.DetectionRules;
import dev.selvage.predict.Guide;
import dev.selvage.predict.RawFile;
import dev.selvage.predict.View;
import dev.selvage.report.StepPlot;
import dev.selvage.tune.Measure;
import dev.selvage.tune.Measure.Costs;
import dev.selvage.tune.Tuned;
import dev.selvage.tune.TunedFile;
import dev.selvage.tune.Tuner;
import dev.selvage.tune.Tuner.Alone;
import dev.selvage.tune.Tuner.Result;
import dev.selvage.tune.Tuner.Step;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;

/** {@code tune}: searches settings that make better detections of what a model says. */
final class TuneCommand implements Command {
  private static final String RAW = "raw";
  private static final String DEFAULT_OUT = "tuned.json";

  /** Deals the photos into folds; another seed would change the estimate a little. */
  private static final long SEED = 1;

  @Override
  public String name() {
    return "tune";
  }

  @Override
  public String summary() {
    return "search score thresholds, NMS and mask settings that improve a measure";
  }

  @Override
  public String usage() {
    return "--data PATH --weights W [options]";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "tune --data data/sample --weights last",
        "tune --data data/sample --weights best --measure f1 --out f1.json");
  }

  @Override
  public CommandOptions options() {
    return new CommandOptions()
        .add(
            Section.DATA,
            DatasetOptions.DATA,
            DatasetOptions.IMAGES,
            DatasetPart.split("to tune on"),
            DatasetPart.SEED,
            Arguments.flag(
                "allow-seen", "tune on photos that the weights were trained on all the same"))
        .add(Section.MODEL, TrainedModels.OPTIONS)
        .add(Section.MODEL, TrainedModels.VIEWS_ALONE)
        .add(Section.DEVICE, DeviceOptions.with(PrecisionOption.OPTION))
        .add(
            Section.OUTPUT,
            Arguments.value(
                "measure",
                "M",
                "what to improve: kaggle (the measure of 2019), f1 (of all objects at mask IoU 0.50),"
                    + " ap50 (by masks) or cost (of wrong and missed objects)",
                "kaggle"),
            Arguments.value(
                "cost",
                "A,B",
                "with --measure cost: what a wrong detection and a missed object cost",
                "1,1"),
            Arguments.value(
                RAW,
                "FILE",
                "file that keeps what the model says about the photos; a later tune goes on from it;"
                    + " with --views or several models, FILE.HASH keeps what the first model says"
                    + " without views",
                "WEIGHTS.PART.raw, and WEIGHTS.PART.VIEWS.raw for views, next to the first weights"),
            Arguments.value(
                "out",
                "FILE",
                "file for the settings, which predict, evaluate and submit take with --tuned; a plot"
                    + " of what each part gave is written next to it",
                DEFAULT_OUT + " next to the weights; with several, HASHES." + DEFAULT_OUT),
            Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    Measure measure = measure(line);
    Costs costs = costs(line, measure);
    Arguments.required(line, "data");
    TrainedModels models = TrainedModels.find(line);
    String part = DatasetPart.of(line);
    List<View> views = TrainedModels.views(line, Optional.empty());
    Dataset dataset = DatasetOptions.open(line);
    List<Config> configs = models.fitTo(dataset.categories(), dataset.name());
    int[] images = DatasetPart.images(line, part, models, dataset, configs);
    for (int m = 0; m < configs.size(); m++) {
      requireUnseen(line, part, images, models.all().get(m), dataset, configs.get(m));
    }
    DeviceOptions.choose(line);
    DetectionRules defaults = DetectionRules.of(configs.get(0));
    Photos photos = new Photos(configs.get(0).EXIF_ORIENTATION);
    // two tuners, where the first model is measured alone, want the same photos
    Map<Integer, Optional<Guide>> known = new ConcurrentHashMap<>();
    IntFunction<Optional<Guide>> guides =
        place ->
            known.computeIfAbsent(place, i -> Guide.of(photos, configs.get(0), dataset, images[i]));
    Optional<Alone> alone = Optional.empty();
    String merged = merged(models, views);
    if (!merged.isEmpty()) {
      RawFile said = raw(line, part, models.first(), List.of(View.PLAIN), true, dataset, images);
      Tuner tuner = Tuner.of(dataset, images, said, guides, SEED, measure, costs);
      alone = Optional.of(new Alone(tuner.before(defaults), merged));
    }
    RawFile raw = raw(line, part, models, views, false, dataset, images);
    Tuner tuner = Tuner.of(dataset, images, raw, guides, SEED, measure, costs);
    boolean json = line.hasOption(Arguments.JSON);
    if (!json) {
      System.out.printf(
          "%s on %d photos of %s (%s): %s by %d-fold cross-validation%n%n",
          models.text(), tuner.photos(), dataset.name(), part, measure.title(), Tuner.FOLDS);
    }
    Result result = tuner.tune(defaults, alone, step -> print(json, measure, step));
    Tuned tuned =
        new Tuned(
            raw.weights(),
            dataset.categories(),
            measure.name().toLowerCase(Locale.ROOT),
            dataset.name(),
            tuner.photos(),
            measure.printed(result.before()),
            measure.printed(result.after()),
            views,
            result.rules());
    Path out = out(line, models);
    TunedFile.write(out, tuned);
    Path plot =
        out.resolveSibling(out.getFileName().toString().replaceFirst("\\.json$", "") + ".svg");
    StepPlot.write(
        plot,
        "%s on photos that the settings were not tuned on".formatted(measure.title()),
        result.steps().stream()
            .map(s -> new StepPlot.Step(s.part(), measure.printed(s.value()), s.kept()))
            .toList());
    if (json) {
      Arguments.printJson(json(tuned, measure, result, out, plot));
    } else {
      System.out.printf(
          Locale.ROOT,
          "%n%s: %.4f with the settings of %s, %.4f tuned%s, on photos that the settings were not"
              + " tuned on%n%s%n%s%n",
          measure.title(),
          tuned.before(),
          alone.isEmpty() ? "the model" : "the first model alone",
          tuned.expected(),
          tuned.before() == 0
              ? ""
              : String.format(
                  Locale.ROOT, " (%+.1f%%)", 100 * (tuned.expected() / tuned.before() - 1)),
          out,
          plot);
    }
  }

  private static Measure measure(CommandLine line) {
    String[] names =
        Arrays.stream(Measure.values())
            .map(m -> m.name().toLowerCase(Locale.ROOT))
            .toArray(String[]::new);
    return Measure.valueOf(
        Arguments.choice(line, "measure", names[0], names).toUpperCase(Locale.ROOT));
  }

  private static Costs costs(CommandLine line, Measure measure) {
    String text = line.getOptionValue("cost", "1,1");
    if (line.hasOption("cost") && measure != Measure.COST) {
      throw new UserError("option --cost has an effect only with --measure cost");
    }
    String[] parts = text.split(",", -1);
    try {
      if (parts.length == 2) {
        double wrong = Double.parseDouble(parts[0]);
        double missed = Double.parseDouble(parts[1]);
        if (wrong >= 0 && missed >= 0 && wrong + missed > 0 && wrong + missed < 1e9) {
          return new Costs(wrong, missed);
        }
      }
    } catch (NumberFormatException e) {
      // Reported below, with the value.
    }
    throw new UserError(
        "option --cost: expected two numbers of at least 0, as in 1,2, found '%s'".formatted(text));
  }

  private static void requireUnseen(
      CommandLine line,
      String part,
      int[] images,
      TrainedModel model,
      Dataset dataset,
      Config config) {
    if (line.hasOption("allow-seen")) {
      return;
    }
    Optional<int[]> seen = DatasetPart.seen(model, dataset, config);
    if (seen.isEmpty()) {
      System.err.printf(
          "selvage: %s does not say which photos it was trained on; settings that are tuned on these"
              + " suit no others%n",
          model.file());
      return;
    }
    long both = Arrays.stream(images).filter(i -> Arrays.binarySearch(seen.get(), i) >= 0).count();
    if (both > 0) {
      throw new UserError(
          "--split %s: expected photos that %s was not trained on, found %d of %d that it was; --allow-seen tunes on them all the same"
              .formatted(part, model.file(), both, images.length));
    }
  }

  /** What is merged besides what the first model finds in the photo as it is; "" for nothing. */
  private static String merged(TrainedModels models, List<View> views) {
    return Stream.of(models.all().size() > 1 ? "models" : "", views.size() > 1 ? "views" : "")
        .filter(name -> !name.isEmpty())
        .collect(Collectors.joining(" and "));
  }

  /**
   * What models say about photos, from {@code --raw} or next to the first weights.
   *
   * @param alone the first model without views, whose file lies next to the one that {@code --raw}
   *     names
   */
  private static RawFile raw(
      CommandLine line,
      String part,
      TrainedModels models,
      List<View> views,
      boolean alone,
      Dataset dataset,
      int[] images) {
    Path file =
        line.hasOption(RAW)
            ? Path.of(line.getOptionValue(RAW) + (alone ? "." + models.shortHash() : ""))
            : RawFile.nextTo(models.firstFile(), models.stem(), part, views);
    List<Config> configs = models.fitTo(dataset.categories(), dataset.name());
    return RawDetections.of(
        file, models, TrainedModels.withPrecision(line, configs), views, dataset, images);
  }

  private static Path out(CommandLine line, TrainedModels models) {
    String name =
        models.all().size() == 1 ? DEFAULT_OUT : "%s.%s".formatted(models.stem(), DEFAULT_OUT);
    return line.hasOption("out")
        ? Path.of(line.getOptionValue("out"))
        : models.firstFile().resolveSibling(name);
  }

  private static void print(boolean json, Measure measure, Step step) {
    if (!json) {
      System.out.printf(
          Locale.ROOT,
          "%-32s %8.4f%s%n",
          step.part(),
          measure.printed(step.value()),
          step.kept() ? "" : "  no gain, left as it was");
    }
  }

  private static Map<String, Object> json(
      Tuned tuned, Measure measure, Result result, Path out, Path plot) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("file", out.toString());
    root.put("plot", plot.toString());
    root.put(
        "steps",
        result.steps().stream()
            .map(
                s ->
                    Map.of("part", s.part(), "value", measure.printed(s.value()), "kept", s.kept()))
            .toList());
    root.put("tuned", TunedFile.toJson(tuned));
    return root;
  }
}

package dev.selvage.cli;

import dev.selvage.cli.command.Command;
import dev.selvage.cli.model.TrainedModels;
import dev.selvage.cli.model.TrainedModels.Loaded;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.cli.options.DeviceOptions;
import dev.selvage.cli.options.PrecisionOption;
import dev.selvage.config.Config;
import dev.selvage.data.image.PhotoFiles;
import dev.selvage.data.image.Photos;
import dev.selvage.data.kaggle.KaggleTestSet;
import dev.selvage.predict.PredictionPipeline;
import dev.selvage.predict.PredictionPipeline.Outcome;
import dev.selvage.predict.Predictor;
import dev.selvage.predict.View;
import dev.selvage.submission.Layout;
import dev.selvage.submission.SubmissionCsv;
import dev.selvage.tune.Tuned;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;

/** {@code submit}: writes a submission for Kaggle's iMaterialist (Fashion) 2019 or 2020. */
final class SubmitCommand implements Command {
  @Override
  public String name() {
    return "submit";
  }

  @Override
  public String summary() {
    return "detect garments in test/ and write a submission for Kaggle";
  }

  @Override
  public String usage() {
    return "--data DIR --weights W --out FILE [options]";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "submit --data DIR --weights best --out submission.csv",
        "submit --data DIR --weights best --tuned tuned.json --out submission.csv");
  }

  @Override
  public CommandOptions options() {
    return new CommandOptions()
        .add(
            Section.DATA,
            Arguments.value(
                "data",
                "DIR",
                "folder with test/, label_descriptions.json and sample_submission.csv, which gives the"
                    + " photos, their order, and the row of a photo without objects"))
        .add(Section.MODEL, TrainedModels.OPTIONS)
        .add(Section.MODEL, TrainedModels.TUNED, TrainedModels.VIEWS)
        .add(Section.DEVICE, DeviceOptions.with(PrecisionOption.OPTION))
        .add(
            Section.OUTPUT,
            Arguments.value(
                "out",
                "FILE",
                "the CSV file to write; without --tuned, objects scored below"
                    + " DETECTION_MIN_CONFIDENCE are left out, and where masks overlap, the object"
                    + " with the higher score keeps the pixels"),
            Arguments.value(
                "layout",
                "YEAR",
                "the competition: 2019, or 2020, whose column of attributes is left empty",
                "2019"),
            Arguments.value(
                "side",
                "N",
                "pixels of the longer side of a photo's masks",
                "512 for 2019, 1024 for 2020"),
            Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    Path data = Path.of(Arguments.required(line, "data"));
    Path out = Path.of(Arguments.required(line, "out"));
    Layout layout = Layout.of(Arguments.choice(line, "layout", "2019", "2019", "2020"));
    int side = Arguments.integer(line, "side", layout.longerSide(), 1);
    TrainedModels models = TrainedModels.find(line);
    KaggleTestSet test = KaggleTestSet.open(data);
    PhotoFiles.leftOut(test.folder()).ifPresent(s -> System.err.println("selvage: " + s));
    List<Config> configs = models.fitTo(test.categories(), test.name());
    Optional<Tuned> tuned = models.tuned(line, test::categories);
    List<View> views = TrainedModels.views(line, tuned);
    DeviceOptions.choose(line);
    configs = TrainedModels.withPrecision(line, configs);
    Map<String, Object> summary = new LinkedHashMap<>();
    try (Loaded loaded = models.load(configs);
        SubmissionCsv csv = new SubmissionCsv(out, layout, test.categories())) {
      Photos photos = new Photos(configs.get(0).EXIF_ORIENTATION);
      Predictor settings = loaded.predictor(photos).over(views).withLongerSide(side);
      write(test, tuned.map(t -> settings.by(t.rules())).orElse(settings), csv);
      csv.finish();
      summary.put("file", out.toString());
      summary.put("photos", test.photos().size());
      summary.put("objects", csv.rows());
      tuned.ifPresent(t -> summary.put("expected", expected(t)));
    }
    if (line.hasOption(Arguments.JSON)) {
      Arguments.printJson(summary);
    } else {
      System.out.printf(
          "%s: %s objects in %s photos%n", out, summary.get("objects"), summary.get("photos"));
      tuned.ifPresent(
          t ->
              System.out.printf(
                  Locale.ROOT,
                  "expected %s: %.4f, as %s %d photos of %s says%n",
                  t.measure(),
                  t.expected(),
                  t.isByHand() ? "a look at" : "cross-validation on",
                  t.photos(),
                  t.dataset()));
    }
  }

  private static Map<String, Object> expected(Tuned tuned) {
    return Map.of(
        "measure", tuned.measure(),
        "value", tuned.expected(),
        "dataset", tuned.dataset(),
        "photos", tuned.photos());
  }

  private static void write(KaggleTestSet test, Predictor predictor, SubmissionCsv csv) {
    List<Path> photos = test.photos();
    try (PhotoProgress progress = new PhotoProgress("submit")) {
      progress.photos(photos.size());
      PredictionPipeline.over(
          photos,
          i -> predictor.photos().size(photos.get(i)),
          predictor,
          (i, outcome) -> {
            csv.add(
                test.names().get(i),
                outcome.map(Outcome::found).orElse(List.of()),
                test.blanks().get(i));
            progress.photo();
          });
    }
    predictor
        .photos()
        .orientations()
        .sentence()
        .ifPresent(s -> System.err.println("selvage: " + s));
  }
}

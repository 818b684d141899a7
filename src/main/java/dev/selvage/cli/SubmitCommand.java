package dev.selvage.cli;

import dev.selvage.cli.command.Command;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.cli.options.DeviceOptions;
import dev.selvage.cli.options.PrecisionOption;
import dev.selvage.config.Config;
import dev.selvage.data.image.PhotoFiles;
import dev.selvage.data.kaggle.KaggleTestSet;
import dev.selvage.nn.Parameters;
import dev.selvage.predict.PredictionPipeline;
import dev.selvage.predict.PredictionPipeline.Outcome;
import dev.selvage.predict.Predictor;
import dev.selvage.submission.SubmissionCsv;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;

/** {@code submit}: writes a submission for Kaggle's iMaterialist Fashion 2019. */
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
    return List.of("submit --data DIR --weights best --out submission.csv");
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
        .add(Section.MODEL, TrainedModel.OPTIONS)
        .add(Section.DEVICE, DeviceOptions.with(PrecisionOption.OPTION))
        .add(
            Section.OUTPUT,
            Arguments.value(
                "out",
                "FILE",
                "the CSV file to write; objects scored below DETECTION_MIN_CONFIDENCE are left out,"
                    + " and where masks overlap, the object with the higher score keeps the pixels"),
            Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    Path data = Path.of(Arguments.required(line, "data"));
    Path out = Path.of(Arguments.required(line, "out"));
    TrainedModel model = TrainedModel.find(line);
    KaggleTestSet test = KaggleTestSet.open(data);
    PhotoFiles.leftOut(test.folder()).ifPresent(s -> System.err.println("selvage: " + s));
    Config config = model.fitTo(test.categories(), test.name());
    DeviceOptions.choose(line);
    config = PrecisionOption.apply(line, config);
    Map<String, Object> summary = new LinkedHashMap<>();
    try (Parameters parameters = model.load(config);
        SubmissionCsv csv = new SubmissionCsv(out, test.categories())) {
      write(test, new Predictor(config, parameters), csv);
      csv.finish();
      summary.put("file", out.toString());
      summary.put("photos", test.photos().size());
      summary.put("objects", csv.rows());
    }
    if (line.hasOption(Arguments.JSON)) {
      Arguments.printJson(summary);
    } else {
      System.out.printf(
          "%s: %s objects in %s photos%n", out, summary.get("objects"), summary.get("photos"));
    }
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

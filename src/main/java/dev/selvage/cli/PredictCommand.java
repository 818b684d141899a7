package dev.selvage.cli;

import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.ConfigOptions;
import dev.selvage.cli.options.DeviceOptions;
import dev.selvage.cli.options.OutputFolder;
import dev.selvage.cli.options.PrecisionOption;
import dev.selvage.cli.options.RunOptions;
import dev.selvage.config.Config;
import dev.selvage.data.image.PhotoFiles;
import dev.selvage.nn.Parameters;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code predict}: objects in photos, as a file of results and as pictures. */
final class PredictCommand implements Command {
  @Override
  public String name() {
    return "predict";
  }

  @Override
  public String summary() {
    return "finds garments in photos and writes "
        + Prediction.FILE
        + " (COCO's results) and pictures";
  }

  @Override
  public String usage() {
    return "--weights W --images FILE|DIR --out DIR [options]";
  }

  @Override
  public Options options() {
    return Arguments.with(
        TrainedModel.WEIGHTS,
        RunOptions.RUNS,
        Arguments.value(
            "images",
            "PATH",
            "a photo or a folder of photos; pixels are taken as they are stored, a camera's rotation mark"
                + " (EXIF) is not followed, as in training"),
        Arguments.value(
            "out",
            "DIR",
            "where "
                + Prediction.FILE
                + " and a picture of each photo go; only objects of score"
                + " DETECTION_MIN_CONFIDENCE or more (see --set)"),
        Arguments.flag("no-pictures", "write " + Prediction.FILE + " alone"),
        ConfigOptions.PRESET,
        ConfigOptions.CONFIG,
        ConfigOptions.SET,
        DeviceOptions.DEVICE,
        DeviceOptions.CONV,
        DeviceOptions.THREADS,
        PrecisionOption.OPTION,
        Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    TrainedModel model = TrainedModel.find(line);
    List<Path> photos = PhotoFiles.list(Path.of(Arguments.required(line, "images")), "--images");
    Path out = OutputFolder.make(Path.of(Arguments.required(line, "out")));
    boolean drawn = !line.hasOption("no-pictures");
    requireOtherFolder(out, photos.get(0));
    DeviceOptions.choose(line);
    Config config = PrecisionOption.apply(line, model.config());
    try (Parameters parameters = model.load()) {
      Prediction prediction =
          new Prediction(config, parameters, model.categories(), photos, out, drawn);
      prediction.run();
      Map<String, Object> summary = prediction.summary();
      if (line.hasOption(Arguments.JSON)) {
        Arguments.printJson(summary);
      } else {
        System.out.printf(
            Locale.ROOT,
            "%d objects in %d photos (%d skipped), %.2f photos/s%n%s%n",
            summary.get("objects"),
            summary.get("photos"),
            summary.get("skipped"),
            summary.get("photos_per_second"),
            summary.get("file"));
      }
    }
  }

  /** A picture of a photo often has the photo's own name. */
  private static void requireOtherFolder(Path out, Path photo) {
    try {
      if (Files.isSameFile(out, photo.toAbsolutePath().getParent())) {
        throw new UserError(
            "--out: expected another folder than that of the photos, which pictures would replace, found %s"
                .formatted(out));
      }
    } catch (IOException e) {
      throw new UserError("--out: %s cannot be read (%s)".formatted(out, e), e);
    }
  }
}

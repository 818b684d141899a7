package dev.selvage.cli;

import dev.selvage.cli.command.Command;
import dev.selvage.cli.model.TrainedModels;
import dev.selvage.cli.model.TrainedModels.Loaded;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.cli.options.DeviceOptions;
import dev.selvage.cli.options.OutputFolder;
import dev.selvage.cli.options.PrecisionOption;
import dev.selvage.config.Config;
import dev.selvage.data.image.PhotoFiles;
import dev.selvage.data.image.Photos;
import dev.selvage.predict.Predictor;
import dev.selvage.predict.View;
import dev.selvage.predict.tiles.Tiling;
import dev.selvage.tune.Tuned;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;

/** {@code predict}: writes detections and pictures of photos. */
final class PredictCommand implements Command {
  @Override
  public String name() {
    return "predict";
  }

  @Override
  public String summary() {
    return "detect garments in photos";
  }

  @Override
  public String usage() {
    return "--weights W --images PATH --out DIR [options]";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "predict --weights last --images photos --out detections",
        "predict --weights last --images crowd.jpg --tiles 1024,256 --out detections");
  }

  @Override
  public CommandOptions options() {
    return new CommandOptions()
        .add(
            Section.DATA,
            Arguments.value(
                "images",
                "PATH",
                "a photo or a folder of photos; each is turned as its EXIF says, unless"
                    + " EXIF_ORIENTATION is ignore"))
        .add(Section.MODEL, TrainedModels.OPTIONS)
        .add(
            Section.MODEL,
            TrainedModels.TUNED,
            TrainedModels.VIEWS,
            Arguments.value(
                "tiles",
                "SIZE,OVERLAP",
                "for photos whose garments are small: show the model also square tiles of SIZE pixels"
                    + " that share OVERLAP pixels, and join what it finds; a tile costs as much time"
                    + " as a photo",
                "none"))
        .add(Section.DEVICE, DeviceOptions.with(PrecisionOption.OPTION))
        .add(
            Section.OUTPUT,
            Arguments.value(
                "out",
                "DIR",
                "folder for "
                    + PredictionJob.FILE
                    + " (COCO results) and one picture per photo; objects scored below"
                    + " DETECTION_MIN_CONFIDENCE are left out"),
            Arguments.flag("no-pictures", "write " + PredictionJob.FILE + " only"),
            Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    Optional<Tiling> tiling = Optional.ofNullable(line.getOptionValue("tiles")).map(Tiling::parse);
    TrainedModels models = TrainedModels.find(line);
    List<Path> photos = PhotoFiles.list(Path.of(Arguments.required(line, "images")), "--images");
    PhotoFiles.leftOut(Path.of(line.getOptionValue("images")))
        .ifPresent(s -> System.err.println("selvage: " + s));
    Path out = OutputFolder.make(Path.of(Arguments.required(line, "out")));
    boolean drawn = !line.hasOption("no-pictures");
    requireOtherFolder(out, photos.get(0));
    Optional<Tuned> tuned = models.tuned(line, models::categories);
    List<View> views = TrainedModels.views(line, tuned);
    DeviceOptions.choose(line);
    List<Config> configs = TrainedModels.withPrecision(line, models.configs());
    try (Loaded loaded = models.load(configs)) {
      Predictor settings =
          loaded.predictor(new Photos(configs.get(0).EXIF_ORIENTATION)).over(views);
      Predictor predictor = tuned.map(t -> settings.by(t.rules())).orElse(settings);
      PredictionJob job =
          new PredictionJob(predictor, models.categories(), photos, out, drawn, tiling);
      job.run();
      Map<String, Object> summary = job.summary();
      job.orientations().ifPresent(s -> System.err.println("selvage: " + s));
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

  /** A picture can have the same file name as its photo. */
  private static void requireOtherFolder(Path out, Path photo) {
    try {
      if (Files.isSameFile(out, photo.toAbsolutePath().getParent())) {
        throw new UserError(
            "--out: expected a folder other than that of the photos, which the pictures might overwrite, found %s"
                .formatted(out));
      }
    } catch (IOException e) {
      throw new UserError("--out: %s cannot be read (%s)".formatted(out, e), e);
    }
  }
}

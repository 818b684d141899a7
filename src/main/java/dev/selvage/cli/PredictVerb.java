package dev.selvage.cli;

import dev.selvage.UserError;
import dev.selvage.config.Config;
import dev.selvage.data.PhotoFiles;
import dev.selvage.eval.CocoCategory;
import dev.selvage.eval.DetectionsJson;
import dev.selvage.eval.Result;
import dev.selvage.nn.Parameters;
import dev.selvage.predict.PhotoRun;
import dev.selvage.predict.PhotoRun.Outcome;
import dev.selvage.predict.Predictor;
import dev.selvage.report.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code predict}: objects in photos, as a file of results and as pictures. */
final class PredictVerb implements Verb {
  private static final String FILE = "detections.json";

  @Override
  public String name() {
    return "predict";
  }

  @Override
  public String summary() {
    return "finds garments in photos and writes " + FILE + " (COCO's results) and pictures";
  }

  @Override
  public String usage() {
    return "--weights W --images FILE|DIR --out DIR [options]";
  }

  @Override
  public Options options() {
    return Arguments.with(
        TrainedModel.WEIGHTS,
        Runs.RUNS,
        Arguments.value(
            "images",
            "PATH",
            "a photo or a folder of photos; pixels are taken as they are stored, a camera's rotation mark"
                + " (EXIF) is not followed, as in training"),
        Arguments.value(
            "out",
            "DIR",
            "where "
                + FILE
                + " and a picture of each photo go; only objects of score"
                + " DETECTION_MIN_CONFIDENCE or more (see --set)"),
        Arguments.flag("no-pictures", "write " + FILE + " alone"),
        Settings.PRESET,
        Settings.CONFIG,
        Settings.SET,
        Compute.DEVICE,
        Compute.THREADS,
        Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    TrainedModel model = TrainedModel.find(line);
    List<Path> photos = PhotoFiles.list(Path.of(Arguments.required(line, "images")), "--images");
    Path out = OutputFolder.make(Path.of(Arguments.required(line, "out")));
    boolean drawn = !line.hasOption("no-pictures");
    requireOtherFolder(out, photos.get(0));
    Compute.choose(line);
    try (Parameters parameters = model.load()) {
      Run run = new Run(model.config(), parameters, model.categories(), photos, out, drawn);
      run.all();
      Map<String, Object> summary = run.summary();
      if (line.hasOption(Arguments.JSON)) {
        Arguments.printJson(summary);
      } else {
        System.out.printf(
            Locale.ROOT,
            "%d objects in %d photos (%d skipped), %.2f photos/s%n%s%n",
            run.objects,
            photos.size() - run.skipped,
            run.skipped,
            summary.get("photos_per_second"),
            out.resolve(FILE));
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

  /** All photos of one call. */
  private static final class Run {
    private final List<Path> photos;
    private final List<String> names;
    private final String[] pictureNames;
    private final Path out;
    private final boolean drawn;
    private final Predictor predictor;
    private final Pictures pictures;
    private final List<CocoCategory> categories;
    private int skipped;
    private int objects;
    private double seconds;

    Run(
        Config config,
        Parameters parameters,
        List<CocoCategory> categories,
        List<Path> photos,
        Path out,
        boolean drawn) {
      this.photos = photos;
      this.out = out;
      this.drawn = drawn;
      this.categories = categories;
      names = photos.stream().map(photo -> photo.getFileName().toString()).toList();
      pictureNames = OutputFolder.pictureNames(names);
      predictor = new Predictor(config, parameters);
      pictures = new Pictures(categories.stream().map(CocoCategory::name).toList());
    }

    void all() {
      long begin = System.nanoTime();
      try (DetectionsJson json = new DetectionsJson(out.resolve(FILE), categories);
          PhotoBar bar = new PhotoBar("predict", photos.size())) {
        PhotoRun.over(
            photos,
            i -> predictor.photos().size(photos.get(i)),
            predictor,
            (i, outcome) -> {
              outcome.ifPresentOrElse(o -> write(i, o, json), () -> skipped++);
              bar.step();
            });
        if (skipped == photos.size()) {
          throw new UserError(
              "--images: expected at least one photo that can be decoded, found %d that cannot"
                  .formatted(skipped));
        }
        json.finish();
      }
      seconds = (System.nanoTime() - begin) / 1e9;
    }

    private void write(int photo, Outcome outcome, DetectionsJson json) {
      json.add(new Result(photo, names.get(photo), outcome.found()));
      objects += outcome.found().size();
      if (drawn) {
        predictor
            .photos()
            .atLeast(photos.get(photo), outcome.size(), Pictures.MOST)
            .ifPresent(
                pixels -> {
                  try (pixels) {
                    pictures.result(
                        out.resolve(pictureNames[photo]),
                        pixels,
                        outcome.size().height(),
                        outcome.size().width(),
                        outcome.found());
                  }
                });
      }
    }

    Map<String, Object> summary() {
      Map<String, Object> summary = new LinkedHashMap<>();
      summary.put("photos", photos.size() - skipped);
      summary.put("skipped", skipped);
      summary.put("objects", objects);
      summary.put("seconds", seconds);
      summary.put("photos_per_second", (photos.size() - skipped) / seconds);
      summary.put("file", out.resolve(FILE).toString());
      return summary;
    }
  }
}

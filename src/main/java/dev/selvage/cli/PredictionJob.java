package dev.selvage.cli;

import dev.selvage.cli.options.OutputFolder;
import dev.selvage.coco.DetectionsJson;
import dev.selvage.data.Category;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.predict.PredictionPipeline;
import dev.selvage.predict.PredictionPipeline.Outcome;
import dev.selvage.predict.PredictionPipeline.Receiver;
import dev.selvage.predict.Predictor;
import dev.selvage.predict.TiledPipeline;
import dev.selvage.predict.tiles.Tiling;
import dev.selvage.report.Pictures;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/** Detects objects in photos, and writes one file of results and pictures. */
final class PredictionJob {
  static final String FILE = "detections.json";

  private final List<Path> photos;
  private final List<String> names;
  private final String[] pictureNames;
  private final Path out;
  private final boolean drawn;
  private final Predictor predictor;
  private final Optional<Tiling> tiling;
  private final Pictures pictures;
  private final List<Category> categories;
  private int skipped;
  private int objects;
  private double seconds;

  /**
   * A job that has not started.
   *
   * @param photos in the order of their file names; a photo's index is its image id in the results
   * @param out an existing folder
   * @param drawn whether to draw a picture of each photo
   * @param tiling how large photos are cut; empty where the model sees them as a whole only
   */
  PredictionJob(
      Predictor predictor,
      List<Category> categories,
      List<Path> photos,
      Path out,
      boolean drawn,
      Optional<Tiling> tiling) {
    this.tiling = tiling;
    this.photos = photos;
    this.out = out;
    this.drawn = drawn;
    this.categories = categories;
    names = photos.stream().map(photo -> photo.getFileName().toString()).toList();
    pictureNames = OutputFolder.pictureNames(names);
    this.predictor = predictor;
    pictures = new Pictures(categories.stream().map(Category::name).toList());
  }

  /** Runs the job. If it fails, no file of results is left. */
  void run() {
    long begin = System.nanoTime();
    try (DetectionsJson json = new DetectionsJson(out.resolve(FILE), categories);
        PhotoProgress progress = new PhotoProgress("predict")) {
      progress.photos(photos.size());
      IntFunction<Optional<PhotoSize>> sizes = i -> predictor.photos().size(photos.get(i));
      Receiver receiver =
          (i, outcome) -> {
            outcome.ifPresentOrElse(o -> write(i, o, json), () -> skipped++);
            progress.photo();
          };
      if (tiling.isPresent()) {
        TiledPipeline.over(photos, sizes, predictor, tiling.get(), receiver);
      } else {
        PredictionPipeline.over(photos, sizes, predictor, receiver);
      }
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
    json.add(photo, names.get(photo), outcome.found());
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

  /** About photos with an orientation mark; empty without any. */
  Optional<String> orientations() {
    return predictor
        .photos()
        .orientations()
        .sentence()
        .map(s -> s + "; detections are in the pixels of the photo as it was taken");
  }

  /** The counts and times of the job, by their names in JSON. */
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

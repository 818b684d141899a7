package dev.selvage.predict;

import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.image.PhotoFailures;
import dev.selvage.data.image.PhotoSize;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Runs a predictor over photos of a dataset and keeps what it says in a {@link RawFile}. */
public final class RawPass {
  private final Dataset dataset;
  private final int[] images;
  private final RawFile file;

  /**
   * Opens the file, or begins it.
   *
   * @param weights SHA-256 of the weight files, joined by "+"
   * @param configs of the models, in the order of their weights
   * @param views of each photo, the plain one first
   * @param images indices into the dataset, ascending
   * @param note takes a sentence where a half-written end was cut off
   * @throws dev.selvage.util.UserError the file is of other weights, settings or photos
   */
  public RawPass(
      Path file,
      String weights,
      List<Config> configs,
      List<View> views,
      Dataset dataset,
      int[] images,
      Consumer<String> note) {
    this.dataset = dataset;
    this.images = images.clone();
    this.file = RawFile.open(file, RawHeader.of(weights, configs, views, dataset, images), note);
  }

  /** Photos that the model has not seen yet. */
  public int missing() {
    return images.length - file.size();
  }

  /**
   * Runs the model over the photos that are missing. If it is interrupted, those that are done are
   * in the file.
   *
   * @param predictor of the same weights, settings and views
   * @param failures of the predictor's photos
   * @param done is called for each photo, and may throw to end the pass
   */
  public void run(Predictor predictor, PhotoFailures failures, Runnable done) {
    int first = file.size();
    try {
      new Pipeline<LoadedViews, Supplier<RawPhoto>>(
              i -> predictor.loadViews(dataset.path(images[first + i]), size(images[first + i])),
              predictor::computeRaw,
              (i, said) -> {
                failures.requireFew();
                done.run();
                file.add(first + i, said.map(Supplier::get));
              })
          .run(missing());
    } finally {
      file.flush();
    }
  }

  private PhotoSize size(int image) {
    return new PhotoSize(dataset.height(image), dataset.width(image));
  }

  /** The raw detections, complete once nothing is missing. */
  public RawFile file() {
    return file;
  }
}

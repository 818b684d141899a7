package dev.selvage.train;

import dev.selvage.config.Config;
import dev.selvage.data.Category;
import dev.selvage.data.Dataset;
import dev.selvage.data.Detection;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.nn.Parameter;
import dev.selvage.nn.Parameters;
import dev.selvage.predict.Evaluation;
import dev.selvage.predict.Predictor;
import dev.selvage.report.Pictures;
import dev.selvage.tensorboard.SummaryValue;
import dev.selvage.tensorboard.ValueHistogram;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * What TensorBoard shows beside the curves, every TENSORBOARD_EVERY epochs: truth beside result in
 * photos held out, always the same ones, and a histogram of each of the layers' arrays. Costs a
 * detection and up to half a megabyte a photo, and a kilobyte and two passes over its values an
 * array.
 */
final class TensorBoardImages {
  private static final int PHOTOS = 4;

  private final Config config;
  private final Parameters weights;
  private final Dataset dataset;
  private final int[] photos;
  private final Predictor predictor;
  private final Pictures pictures;

  /**
   * Prepares.
   *
   * @param weights to show; they may go on changing between epochs
   * @param heldOut places in the dataset, ascending; without any there are histograms alone
   */
  TensorBoardImages(Config config, Parameters weights, Dataset dataset, int[] heldOut) {
    this.config = config;
    this.weights = weights;
    this.dataset = dataset;
    photos = ValidationAp.spread(heldOut, PHOTOS);
    predictor = config.TENSORBOARD_EVERY == 0 ? null : new Predictor(config, weights);
    pictures = new Pictures(dataset.categories().stream().map(Category::name).toList());
  }

  /** All that is to be shown after an epoch, perhaps nothing; empty if stop said so before. */
  Optional<List<SummaryValue>> after(int epoch, BooleanSupplier stop) {
    List<SummaryValue> values = new ArrayList<>();
    if (predictor == null || epoch % config.TENSORBOARD_EVERY != 0) {
      return Optional.of(values);
    }
    for (int photo : photos) {
      if (stop.getAsBoolean()) {
        return Optional.empty();
      }
      picture(photo).ifPresent(values::add);
    }
    for (Parameter parameter : weights.list()) {
      values.add(SummaryValue.histogram(parameter.name(), ValueHistogram.of(parameter.download())));
    }
    return Optional.of(values);
  }

  /** Empty where the photo cannot be decoded, which is said. */
  private Optional<SummaryValue> picture(int photo) {
    Path file = dataset.path(photo);
    PhotoSize size = new PhotoSize(dataset.height(photo), dataset.width(photo));
    Optional<List<Detection>> found = predictor.find(file, size);
    Optional<Mat> pixels = predictor.photos().atLeast(file, size, Pictures.MOST_HALF);
    if (found.isEmpty() || pixels.isEmpty()) {
      return Optional.empty();
    }
    float limit = config.DETECTION_MIN_CONFIDENCE;
    try (Mat rgb = pixels.get()) {
      return Optional.of(
          SummaryValue.picture(
              "held_out/" + dataset.fileName(photo),
              pictures.sideBySide(
                  rgb,
                  size.height(),
                  size.width(),
                  dataset.instances(photo),
                  Evaluation.surer(found.get(), limit),
                  limit)));
    }
  }
}

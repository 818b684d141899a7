package dev.selvage.train.listener;

import dev.selvage.config.Config;
import dev.selvage.data.Category;
import dev.selvage.data.Dataset;
import dev.selvage.data.Detection;
import dev.selvage.data.EvenSample;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.nn.Parameters;
import dev.selvage.predict.Evaluation;
import dev.selvage.predict.Predictor;
import dev.selvage.report.Jpeg;
import dev.selvage.report.Pictures;
import dev.selvage.tensorboard.SummaryValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Pictures for TensorBoard: truth and result next to each other in photos held out, always the same
 * ones. Each costs a detection and up to half a megabyte.
 */
final class TensorBoardImages {
  private static final int PHOTOS = 4;

  private final Config config;
  private final Dataset dataset;
  private final int[] photos;
  private final Predictor predictor;
  private final Pictures pictures;

  /**
   * Prepares.
   *
   * @param weights to show; they may go on changing between epochs
   * @param heldOut image indices, ascending; without any there are no pictures
   */
  TensorBoardImages(Config config, Parameters weights, Dataset dataset, int[] heldOut) {
    this.config = config;
    this.dataset = dataset;
    photos = EvenSample.of(heldOut, PHOTOS);
    predictor = new Predictor(config, weights);
    pictures = new Pictures(dataset.categories().stream().map(Category::name).toList());
  }

  /** Makes the pictures, one after the other. */
  void forEach(Consumer<SummaryValue> consumer) {
    for (int photo : photos) {
      picture(photo).ifPresent(consumer);
    }
  }

  /** Empty where the photo cannot be decoded, which is reported. */
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
      Jpeg picture =
          pictures.sideBySide(
              rgb,
              size.height(),
              size.width(),
              dataset.instances(photo),
              Evaluation.withMinScore(found.get(), limit),
              limit);
      return Optional.of(
          SummaryValue.picture(
              "held_out/" + dataset.fileName(photo),
              picture.height(),
              picture.width(),
              picture.bytes()));
    }
  }
}

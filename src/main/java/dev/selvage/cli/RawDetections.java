package dev.selvage.cli;

import dev.selvage.cli.model.TrainedModels;
import dev.selvage.cli.model.TrainedModels.Loaded;
import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.image.PhotoFailures;
import dev.selvage.predict.Predictor;
import dev.selvage.predict.RawFile;
import dev.selvage.predict.RawPass;
import dev.selvage.predict.View;
import java.nio.file.Path;
import java.util.List;

/** Raw detections of photos: from their file, and from the models what is missing there. */
final class RawDetections {
  private RawDetections() {}

  /**
   * What the models say about photos; they run on those that are not in the file.
   *
   * @param configs the settings of each model
   * @param images indices into the dataset, ascending
   */
  static RawFile of(
      Path file,
      TrainedModels models,
      List<Config> configs,
      List<View> views,
      Dataset dataset,
      int[] images) {
    RawPass pass =
        new RawPass(
            file,
            models.hash(),
            configs,
            views,
            dataset,
            images,
            note -> System.err.println("selvage: " + note));
    if (pass.missing() > 0) {
      try (Loaded loaded = models.load(configs);
          PhotoProgress progress = new PhotoProgress("detect")) {
        PhotoFailures failures = new PhotoFailures(images.length, System.err::println);
        Predictor predictor =
            loaded.predictor(failures.photos(configs.get(0).EXIF_ORIENTATION)).over(views);
        progress.photos(pass.missing());
        pass.run(predictor, failures, progress::photo);
      }
    }
    return pass.file();
  }
}

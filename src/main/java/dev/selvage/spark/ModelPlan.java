package dev.selvage.spark;

import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.data.Category;
import dev.selvage.data.image.Photos;
import dev.selvage.nn.Parameters;
import dev.selvage.predict.DetectionRules;
import dev.selvage.predict.Predictor;
import dev.selvage.predict.SavedModel;
import dev.selvage.predict.View;
import dev.selvage.tensor.DType;
import dev.selvage.util.ProcessMemory;
import dev.selvage.util.UserError;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;

/**
 * All that an executor needs to know to load what the driver has chosen and checked.
 *
 * @param hashes SHA-256 of each weight file, which tell models apart
 * @param settings of each model, as JSON
 * @param categories in class order
 * @param views of each photo, the plain one first
 * @param rules that choose detections; null where the settings do
 */
record ModelPlan(
    List<String> hashes,
    List<String> settings,
    List<Category> categories,
    List<View> views,
    DetectionRules rules)
    implements Serializable {
  /**
   * Loads the models.
   *
   * @param files the weight files
   * @param parameters takes what the caller closes, also if this fails
   * @throws UserError there is too little memory, or this processor cannot compute in their
   *     PRECISION
   */
  Predictor load(List<Path> files, List<Parameters> parameters) {
    List<Config> configs =
        settings.stream().map(json -> ConfigReader.readText(json, "settings", List.of())).toList();
    ProcessMemory.room().ifPresent(room -> SavedModel.requireRoom(configs, room));
    Predictor predictor = null;
    for (int m = 0; m < files.size(); m++) {
      Config config = configs.get(m);
      requirePrecision(config);
      Parameters loaded = SavedModel.load(files.get(m), config);
      parameters.add(loaded);
      predictor =
          m == 0
              ? new Predictor(config, loaded, new Photos(config.EXIF_ORIENTATION, (f, why) -> {}))
              : predictor.with(config, loaded);
    }
    Predictor viewing = predictor.over(views);
    return rules == null ? viewing : viewing.by(rules);
  }

  private static void requirePrecision(Config config) {
    if (!DType.valueOf(config.PRECISION.name()).available()) {
      throw new UserError(
          "PRECISION: the processor of an executor cannot compute in %s; use --set PRECISION=f32"
              .formatted(config.PRECISION.word()));
    }
  }
}

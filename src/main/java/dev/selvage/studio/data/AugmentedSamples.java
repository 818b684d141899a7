package dev.selvage.studio.data;

import dev.selvage.config.Augmentation;
import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.BatchLoader;
import dev.selvage.report.AugmentedSheet;
import dev.selvage.util.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Draws a photo a few times as training sees it, each time changed in another way. */
final class AugmentedSamples {
  private AugmentedSamples() {}

  /**
   * A sheet as a JPEG.
   *
   * @param config the settings of the training
   * @param donors photos whose objects may be pasted in, by their indices
   * @param seed of the first sample; the others follow
   * @throws UserError the photo cannot be decoded, or is left out of trainings
   */
  static byte[] sheet(
      Dataset dataset,
      int photo,
      int[] donors,
      Config config,
      Augmentation augmentation,
      int samples,
      long seed) {
    Config one =
        config.with(
            Map.of(
                "NUM_CLASSES",
                dataset.categories().size() + 1,
                "IMAGES_PER_GPU",
                1,
                "GPU_COUNT",
                1));
    int[] order = IntStream.concat(IntStream.of(photo), IntStream.of(donors)).toArray();
    List<Batch> batches = new ArrayList<>();
    try {
      for (int i = 0; i < samples; i++) {
        batches.add(first(dataset, order, one, augmentation, seed + i));
      }
      return AugmentedSheet.jpeg(batches).bytes();
    } finally {
      batches.forEach(Batch::close);
    }
  }

  private static Batch first(
      Dataset dataset, int[] order, Config config, Augmentation augmentation, long seed) {
    try (BatchLoader loader = BatchLoader.validation(dataset, order, config, seed, 1, 1)) {
      loader.startAt(0, augmentation);
      Batch batch = loader.next();
      if (batch.imageIndices()[0] != order[0]) {
        batch.close();
        throw new UserError(
            "%s: expected a photo that a training uses, found one that it leaves out: it cannot be decoded, or shows no object"
                .formatted(dataset.fileName(order[0])));
      }
      return batch;
    }
  }
}

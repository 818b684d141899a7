package dev.selvage.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Augmentation;
import dev.selvage.config.Config;
import dev.selvage.data.kaggle.KaggleDataset;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.BatchLoader;
import dev.selvage.model.Initializer;
import dev.selvage.model.MaskRcnn;
import dev.selvage.model.ParameterTable;
import dev.selvage.model.StepOptions;
import dev.selvage.nn.Parameters;
import dev.selvage.nn.Sgd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoaderThreadsTest {
  private static final int STEPS = 20;

  @Test
  void anyNumberOfLoaderThreadsGivesTheSameTwentySteps(@TempDir Path dir) throws IOException {
    KaggleDataset dataset = KaggleDataset.open(TinyDataset.write(dir, 7));
    List<String> one = steps(dataset, 1);
    assertEquals(STEPS, one.stream().distinct().count(), "the steps differ among themselves");
    assertEquals(one, steps(dataset, 2));
    assertEquals(one, steps(dataset, 4));
  }

  /** Photos, losses and gradient norm of each step, to the last bit. */
  private static List<String> steps(KaggleDataset dataset, int threads) {
    Config config = TinyDataset.config();
    int[] images = IntStream.range(0, dataset.size()).toArray();
    List<String> steps = new ArrayList<>();
    try (Parameters parameters = new Parameters(ParameterTable.of(config));
        BatchLoader loader = BatchLoader.training(dataset, images, config, 3, threads, 3)) {
      Initializer.initialize(parameters, 3);
      parameters.setTrainable("all");
      MaskRcnn model = new MaskRcnn(config, parameters);
      loader.startAt(0, Augmentation.FLIP);
      for (int i = 0; i < STEPS; i++) {
        try (Batch batch = loader.next()) {
          String losses = model.step(batch, StepOptions.DEFAULTS).byName().toString();
          double norm = Sgd.step(parameters, 0.01, 0.9, 5, config.WEIGHT_DECAY);
          assertTrue(Double.isFinite(norm), losses);
          steps.add(String.join(",", batch.fileNames()) + losses + norm);
        }
      }
    }
    return steps;
  }
}

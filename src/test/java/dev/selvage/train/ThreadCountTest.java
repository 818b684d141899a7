package dev.selvage.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.selvage.config.Augmentation;
import dev.selvage.config.Config;
import dev.selvage.config.Precision;
import dev.selvage.data.kaggle.KaggleDataset;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.BatchLoader;
import dev.selvage.model.Initializer;
import dev.selvage.model.MaskRcnn;
import dev.selvage.model.ParameterTable;
import dev.selvage.model.StepOptions;
import dev.selvage.nn.Parameter;
import dev.selvage.nn.Parameters;
import dev.selvage.nn.Sgd;
import dev.selvage.runtime.Native;
import dev.selvage.util.Needs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The number of compute threads changes no bit of a training. */
class ThreadCountTest {
  private static final int STEPS = 3;

  @TempDir Path dir;
  private int threads;

  @BeforeEach
  void remember() {
    threads = Native.threads();
  }

  @AfterEach
  void restore() {
    Native.setThreads(threads);
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"F32", "BF16"})
  void anyNumberGivesTheSameWeights(Precision precision) throws IOException {
    if (precision == Precision.BF16) {
      Needs.bf16("the same weights for any number of threads");
    }
    KaggleDataset dataset = KaggleDataset.open(TinyDataset.write(dir, 3));
    Map<String, float[]> expected = weights(dataset, precision, 1, 1, 1);
    for (int count : new int[] {2, 3, 5, 8}) {
      assertSame(expected, weights(dataset, precision, count, count, count), count + " threads");
    }
    assertSame(expected, weights(dataset, precision, 2, 8, 3), "2, then 8, then 3 threads");
  }

  /** The weights after a step with each of these numbers of threads. */
  private static Map<String, float[]> weights(
      KaggleDataset dataset, Precision precision, int... threadsOfStep) {
    // Maps and channels of several pieces of work each, and of sizes that leave a rest.
    Config config =
        TinyDataset.config(
            "PRECISION=" + precision.word(),
            "IMAGE_MIN_DIM=128",
            "IMAGE_MAX_DIM=128",
            "BACKBONE_WIDTH=20",
            "TOP_DOWN_PYRAMID_SIZE=72",
            "RPN_CHANNELS=80",
            "MASK_CHANNELS=40",
            "FPN_CLASSIF_FC_LAYERS_SIZE=100");
    int[] images = IntStream.range(0, dataset.size()).toArray();
    Map<String, float[]> weights = new TreeMap<>();
    try (Parameters parameters = new Parameters(ParameterTable.of(config));
        BatchLoader loader = BatchLoader.training(dataset, images, config, 3, 1, STEPS)) {
      Initializer.initialize(parameters, 3);
      parameters.setTrainable("all");
      MaskRcnn model = new MaskRcnn(config, parameters);
      loader.startAt(0, Augmentation.FLIP);
      for (int i = 0; i < STEPS; i++) {
        Native.setThreads(threadsOfStep[i]);
        assertEquals(threadsOfStep[i], Native.threads());
        try (Batch batch = loader.next()) {
          model.step(batch, StepOptions.DEFAULTS);
          Sgd.step(parameters, 0.01, 0.9, 5, config.WEIGHT_DECAY);
        }
      }
      for (Parameter p : parameters.trainable()) weights.put(p.name(), p.value().download());
    }
    return weights;
  }

  private static void assertSame(
      Map<String, float[]> expected, Map<String, float[]> found, String what) {
    assertFalse(expected.isEmpty());
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach(
        (name, values) -> assertArrayEquals(values, found.get(name), what + ": " + name));
  }
}

package dev.selvage.train.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.SyntheticBatch;
import dev.selvage.model.Initializer;
import dev.selvage.model.MaskRcnn;
import dev.selvage.model.ParameterTable;
import dev.selvage.model.StepOptions;
import dev.selvage.nn.Parameter;
import dev.selvage.nn.Parameters;
import dev.selvage.runtime.Native;
import dev.selvage.tensor.Tensor;
import dev.selvage.train.TinyDataset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryWarmupTest {
  @Test
  void isTheLargestStepAndLeavesNothingButMemory() {
    // so that a step moves the statistics
    Config config = TinyDataset.config().with("TRAIN_BN", true).with("TRAIN_ROIS_PER_IMAGE", 60);
    try (Parameters parameters = new Parameters(ParameterTable.of(config))) {
      Initializer.initialize(parameters, 3);
      parameters.setTrainable("all");
      MaskRcnn model = new MaskRcnn(config, parameters);
      Map<String, float[]> before = new LinkedHashMap<>();
      parameters.list().forEach(p -> before.put(p.name(), p.download()));
      long begin = Native.executedFlops();
      MemoryWarmup.run(config, parameters, model);
      long work = Native.executedFlops() - begin;
      for (Parameter p : parameters.list()) {
        assertArrayEquals(before.get(p.name()), p.download(), p.name());
      }
      long live = Tensor.live();
      long bytes = Native.allocatedBytes();
      int images = config.IMAGES_PER_GPU;
      try (Batch batch = SyntheticBatch.of(config, images, config.IMAGE_MAX_DIM)) {
        for (int positives : new int[] {0, 3, 60, 11}) {
          begin = Native.executedFlops();
          model.step(
              batch, StepOptions.DEFAULTS.withRois(SyntheticBatch.regions(batch, 60, positives)));
          long of = Native.executedFlops() - begin;
          assertTrue(positives == 60 ? of == work : of < work, of + " against " + work);
          assertEquals(bytes, Native.allocatedBytes(), 0.01 * bytes, positives + " positives");
        }
      }
      assertEquals(live, Tensor.live());
    }
  }
}

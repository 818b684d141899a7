package dev.selvage.train.memory;

import dev.selvage.config.Config;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.SyntheticBatch;
import dev.selvage.model.MaskRcnn;
import dev.selvage.model.StepOptions;
import dev.selvage.nn.Parameter;
import dev.selvage.nn.Parameters;
import dev.selvage.runtime.Native;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A step on noise with as many positive regions as a step can have. Real steps have few of them
 * until the model proposes well, so that without it a run would take the most memory hours after
 * its beginning, if it got so far. It costs one step a stage and leaves nothing but the memory.
 */
public final class MemoryWarmup {
  /** The part of what weights, gradients and momenta take. */
  private static final int ROOM = 8;

  private MemoryWarmup() {}

  /** Of the layers that are trainable now. Does nothing where pictures have no common size. */
  public static void run(Config config, Parameters parameters, MaskRcnn model) {
    if (config.imageSide().isEmpty()) {
      return;
    }
    System.gc(); // Java would keep what reading the dataset and the weights took, some 100 MB
    int size = config.imageSide().getAsInt();
    Map<Parameter, float[]> statistics = new LinkedHashMap<>(); // TRAIN_BN moves them in a step
    parameters.list().stream()
        .filter(p -> p.spec().isStatistic())
        .forEach(p -> statistics.put(p, p.value().download()));
    int images = config.IMAGES_PER_GPU;
    if (Native.selectedDevice().getString().equals("cpu")) {
      step(config, model, images, size);
    } else {
      GpuMemory.fit(images, size, count -> step(config, model, count, size));
    }
    parameters.clearGradients();
    statistics.forEach(Parameter::upload);
  }

  private static void step(Config config, MaskRcnn model, int images, int size) {
    int rois = config.TRAIN_ROIS_PER_IMAGE;
    try (Batch batch = SyntheticBatch.of(config, images, size)) {
      Scope.run(
          () -> {
            // The room that blocks of varying sizes will leave between them.
            Tensor.allocate(Native.allocatedBytes() / ROOM / Float.BYTES);
            model.step(
                batch, StepOptions.DEFAULTS.withRois(SyntheticBatch.regions(batch, rois, rois)));
          });
    }
  }
}

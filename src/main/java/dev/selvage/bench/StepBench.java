package dev.selvage.bench;

import dev.selvage.config.Config;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.SyntheticBatch;
import dev.selvage.model.Initializer;
import dev.selvage.model.Losses;
import dev.selvage.model.MaskRcnn;
import dev.selvage.model.ParameterTable;
import dev.selvage.model.StepOptions;
import dev.selvage.model.cost.ReferenceFlops;
import dev.selvage.nn.Parameter;
import dev.selvage.nn.Parameters;
import dev.selvage.nn.Sgd;
import dev.selvage.tensor.DType;
import dev.selvage.util.UserError;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Times training steps (forward, backward, update) with a fixed number of ROIs. Then times the
 * stages of a step, in steps of their own, since that waits for the device at the end of each
 * stage.
 */
public final class StepBench {
  private static final float RATE = 1e-6f; // hardly changes the weights
  private static final int STAGED_PASSES = 3;

  private StepBench() {}

  /**
   * Runs the benchmark.
   *
   * @param config with TRAIN_ROIS_PER_IMAGE ROIs per image, of which the share ROI_POSITIVE_RATIO
   *     is positive
   * @param size of the square images, pixels
   * @param layers to train, as in the setting LAYERS
   * @param types element types of the feature maps, each measured separately
   * @param busy processes beside which the step is measured as well, perhaps none
   */
  public static Map<DType, Measurement> run(
      Config config,
      int size,
      int images,
      String layers,
      int steps,
      List<DType> types,
      BusyProcesses busy) {
    try (Parameters parameters = new Parameters(ParameterTable.of(config));
        Batch batch = SyntheticBatch.of(config, images, size)) {
      Initializer.initialize(parameters, 1);
      System.gc(); // as before a training
      parameters.setTrainable(layers);
      int positives =
          (int) Math.round(config.TRAIN_ROIS_PER_IMAGE * (double) config.ROI_POSITIVE_RATIO);
      StepOptions options =
          StepOptions.DEFAULTS.withRois(
              SyntheticBatch.regions(batch, config.TRAIN_ROIS_PER_IMAGE, positives));
      Map<DType, Runnable> bodies = new EnumMap<>(DType.class);
      Map<DType, MaskRcnn> models = new EnumMap<>(DType.class);
      for (DType type : types) {
        MaskRcnn model = new MaskRcnn(config.with("PRECISION", type.key()), parameters);
        models.put(type, model);
        bodies.put(
            type,
            () -> {
              Losses losses = model.step(batch, options);
              update(parameters, config);
              if (!Double.isFinite(losses.total())) {
                throw new UserError("bench step: expected a finite loss, found " + losses.byName());
              }
            });
      }
      Set<String> trained =
          parameters.trainable().stream().map(Parameter::layer).collect(Collectors.toSet());
      double dense = new ReferenceFlops(config, size, size).step(images, trained::contains);
      Map<DType, Measurement> found = InterleavedBenchmark.run(bodies, images, dense, steps, busy);
      models.forEach(
          (type, model) -> {
            StageTimer clock = new StageTimer(System::nanoTime, StageTimer::settle);
            for (int pass = 0; pass < Math.min(steps, STAGED_PASSES); pass++) {
              clock.time(
                  () -> {
                    model.step(batch, options.withListener(clock));
                    clock.next("sgd", "optimizer", false);
                    update(parameters, config);
                  });
            }
            found.computeIfPresent(type, (t, measured) -> measured.with(clock.milliseconds()));
          });
      return found;
    }
  }

  private static void update(Parameters parameters, Config config) {
    Sgd.step(parameters, RATE, 0.9, config.GRADIENT_CLIP_NORM, config.WEIGHT_DECAY);
  }
}

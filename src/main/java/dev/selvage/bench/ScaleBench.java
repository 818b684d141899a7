package dev.selvage.bench;

import dev.selvage.config.Config;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.SyntheticBatch;
import dev.selvage.model.Initializer;
import dev.selvage.model.MaskRcnn;
import dev.selvage.model.ParameterTable;
import dev.selvage.model.StepOptions;
import dev.selvage.nn.Parameters;
import dev.selvage.nn.Sgd;
import dev.selvage.ranks.Communicator;
import dev.selvage.ranks.Communicator.Traffic;
import dev.selvage.ranks.GradientSum;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Times training steps that several ranks share: one batch for each rank and step. */
public final class ScaleBench {
  private static final float RATE = 1e-6f; // hardly changes the weights
  private static final double MB = 1e6;

  private ScaleBench() {}

  /**
   * Runs the benchmark on all ranks together.
   *
   * @param size of the square images, pixels
   * @param images of a rank's batch
   * @param steps of which the median is reported, after one that is not timed
   * @return values by name, of this rank
   */
  public static Map<String, Double> run(
      Config config, int size, int images, int steps, Communicator ranks) {
    try (Parameters parameters = new Parameters(ParameterTable.of(config));
        Batch batch = SyntheticBatch.of(config, images, size)) {
      Initializer.initialize(parameters, 1);
      parameters.setTrainable("all");
      MaskRcnn model = new MaskRcnn(config, parameters);
      int rois = config.TRAIN_ROIS_PER_IMAGE;
      int positives = (int) Math.round(rois * (double) config.ROI_POSITIVE_RATIO);
      StepOptions options =
          StepOptions.DEFAULTS.withRois(SyntheticBatch.regions(batch, rois, positives));
      GradientSum gradients = new GradientSum(parameters, ranks, 1);
      Runnable step =
          () -> {
            gradients.begin(0);
            model.step(batch, options);
            gradients.end();
            gradients.await();
            parameters.divideGradients(ranks.size());
            Sgd.step(parameters, RATE, 0.9, config.GRADIENT_CLIP_NORM, config.WEIGHT_DECAY);
          };
      step.run();
      Traffic before = ranks.traffic();
      double[] seconds = new double[steps];
      for (int i = 0; i < steps; i++) {
        long begin = System.nanoTime();
        step.run();
        seconds[i] = (System.nanoTime() - begin) / 1e9;
      }
      Traffic after = ranks.traffic();
      Arrays.sort(seconds);
      double exchange = (after.nanos() - before.nanos()) / 1e9 / steps;
      double shown = (after.shownNanos() - before.shownNanos()) / 1e9 / steps;
      Map<String, Double> values = new LinkedHashMap<>();
      values.put("ranks", (double) ranks.size());
      values.put("step ms", seconds[steps / 2] * 1000);
      values.put("images/s", ranks.size() * images / seconds[steps / 2]);
      values.put("gradients MB", (after.bytes() - before.bytes()) / MB / steps);
      values.put("exchange ms", exchange * 1000);
      values.put("exchange not hidden ms", shown * 1000);
      values.put("exchange hidden %", exchange > 0 ? 100 * Math.max(0, 1 - shown / exchange) : 0);
      gradients.reset();
      return values;
    }
  }
}

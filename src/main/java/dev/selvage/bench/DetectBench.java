package dev.selvage.bench;

import dev.selvage.config.Config;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.SyntheticBatch;
import dev.selvage.model.Initializer;
import dev.selvage.model.MaskRcnn;
import dev.selvage.model.ParameterTable;
import dev.selvage.model.RawDetections;
import dev.selvage.model.cost.ReferenceFlops;
import dev.selvage.nn.Parameter;
import dev.selvage.nn.Parameters;
import dev.selvage.tensor.DType;
import dev.selvage.util.UserError;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Times detections with masks, with a fixed number of proposals and of detections. */
public final class DetectBench {
  private DetectBench() {}

  /**
   * Runs the benchmark.
   *
   * @param config with POST_NMS_ROIS_INFERENCE proposals per image
   * @param size of the square images, pixels
   * @param objects detections per image
   * @param types element types of the feature maps, each measured separately
   */
  public static Map<DType, Measurement> run(
      Config config, int size, int images, int objects, int steps, List<DType> types) {
    try (Parameters parameters = new Parameters(ParameterTable.of(config));
        Batch batch = SyntheticBatch.of(config, images, size)) {
      // with all of DETECTION_MAX_INSTANCES: the reference computes a mask for each, found or not
      double dense = new ReferenceFlops(config, size, size).detection(images);
      Initializer.initialize(parameters, 1);
      findSomethingEverywhere(parameters);
      parameters.holdConstant(); // as a model that was loaded
      // random weights propose anything, but with these settings as many detections as asked for
      Config fixed =
          config.with(
              Map.of(
                  "DETECTION_MAX_INSTANCES",
                  objects,
                  "DETECTION_MIN_CONFIDENCE",
                  0,
                  "RPN_NMS_THRESHOLD",
                  1));
      int[][] windows = new int[images][];
      Arrays.fill(windows, new int[] {0, 0, size, size});
      Map<DType, Runnable> bodies = new EnumMap<>(DType.class);
      for (DType type : types) {
        MaskRcnn model = new MaskRcnn(fixed.with("PRECISION", type.key()), parameters);
        bodies.put(
            type,
            () -> {
              List<RawDetections> found = model.detect(batch.rgb(), images, size, size, windows);
              for (RawDetections d : found) {
                if (d.size() != objects) {
                  throw new UserError(
                      "bench detect: expected %d detections per image, found %d; try more --rois"
                          .formatted(objects, d.size()));
                }
              }
            });
      }
      return InterleavedBenchmark.run(bodies, images, dense, steps, BusyProcesses.start(0, 0));
    }
  }

  /** Makes the untrained model classify every region as some object. */
  private static void findSomethingEverywhere(Parameters parameters) {
    Parameter bias = parameters.get("mrcnn_class_logits/bias");
    float[] values = new float[Math.toIntExact(bias.size())];
    values[0] = -10;
    bias.upload(values);
  }
}

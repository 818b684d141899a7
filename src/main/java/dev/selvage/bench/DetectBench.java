package dev.selvage.bench;

import dev.selvage.UserError;
import dev.selvage.config.Config;
import dev.selvage.data.Batch;
import dev.selvage.data.SyntheticBatch;
import dev.selvage.doctor.Machine;
import dev.selvage.model.DenseWork;
import dev.selvage.model.Detections;
import dev.selvage.model.Initializer;
import dev.selvage.model.LayerTable;
import dev.selvage.model.MaskRcnn;
import dev.selvage.nn.Parameter;
import dev.selvage.nn.Parameters;
import dev.selvage.runtime.Native;
import java.util.Arrays;
import java.util.List;

/**
 * Times whole detections, masks included, with the number of proposals and of detections held
 * fixed.
 */
public final class DetectBench {
  private static final int WARM_UP = 2;

  private DetectBench() {}

  /**
   * Measures.
   *
   * @param config POST_NMS_ROIS_INFERENCE proposals
   * @param objects detections of an image
   * @param size of the square images
   */
  public static Measurement run(Config config, int size, int images, int objects, int steps) {
    int maskSlots =
        config.DETECTION_MAX_INSTANCES; // the reference computes a mask for each, found or not
    try (Parameters parameters = new Parameters(LayerTable.of(config));
        Batch batch = SyntheticBatch.of(config, images, size)) {
      double dense = new DenseWork(config, size, size).detection(images);
      Initializer.initialize(parameters, 1);
      findSomethingEverywhere(parameters);
      config.DETECTION_MAX_INSTANCES = objects;
      config.DETECTION_MIN_CONFIDENCE = 0;
      config.RPN_NMS_THRESHOLD =
          1; // weights of noise propose whatever they like, but as many as asked for
      MaskRcnn model = new MaskRcnn(config, parameters);
      int[][] windows = new int[images][];
      Arrays.fill(windows, new int[] {0, 0, size, size});
      Runnable detect =
          () -> {
            List<Detections> found = model.detect(batch.rgb(), images, size, size, windows);
            for (Detections d : found) {
              if (d.size() != objects) {
                throw new UserError(
                    "bench detect: expected %d detections an image, found %d"
                        .formatted(objects, d.size()));
              }
            }
          };
      for (int i = 0; i < WARM_UP; i++) {
        detect.run();
      }
      long before = Native.executedFlops();
      detect.run();
      double executed = Native.executedFlops() - before;
      double peak = MatmulPeak.measure();
      double seconds = Timing.median(steps, detect);
      peak = (peak + MatmulPeak.measure()) / 2;
      return new Measurement(
          seconds * 1e3,
          images / seconds,
          executed / 1e9,
          dense / 1e9,
          peak / 1e9,
          Machine.peakResident() / 1048576.0);
    } finally {
      config.DETECTION_MAX_INSTANCES = maskSlots;
    }
  }

  /** The class logits of fresh weights say nothing; this makes every region some object. */
  private static void findSomethingEverywhere(Parameters parameters) {
    Parameter bias = parameters.get("mrcnn_class_logits/bias");
    float[] values = new float[Math.toIntExact(bias.size())];
    values[0] = -10;
    bias.upload(values);
  }
}

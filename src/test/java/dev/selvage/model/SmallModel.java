package dev.selvage.model;

import dev.selvage.config.Config;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.GroundTruth;
import dev.selvage.data.loader.RpnTargets;
import dev.selvage.nn.Parameters;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.BytePointer;

/** A model and batches that are small enough for a test to take many steps. */
public final class SmallModel {
  static final int SIZE = 64;

  private SmallModel() {}

  public static Config config() {
    Config config =
        Config.defaults()
            .with("BACKBONE", "resnet18")
            .with("BACKBONE_WIDTH", 16)
            .with("NUM_CLASSES", 4)
            .with("FPN_CLASSIF_FC_LAYERS_SIZE", 32)
            .with("TOP_DOWN_PYRAMID_SIZE", 32)
            .with("RPN_CHANNELS", 32)
            .with("MASK_CHANNELS", 32)
            .with("RPN_ANCHOR_SCALES", List.of(8, 16, 32, 64, 128))
            .with("POST_NMS_ROIS_TRAINING", 60)
            .with("POST_NMS_ROIS_INFERENCE", 60)
            .with("TRAIN_ROIS_PER_IMAGE", 16)
            .with("DETECTION_MIN_CONFIDENCE", 0f)
            .with("DETECTION_MAX_INSTANCES", 10);
    return config;
  }

  public static Parameters parameters(Config config) {
    Parameters parameters = new Parameters(ParameterTable.of(config));
    Initializer.initialize(parameters, 7);
    return parameters;
  }

  /** Two images with two bright objects each. */
  public static Batch batch(long seed) {
    return batch(seed, new float[] {6, 8, 38, 40, 30, 20, 60, 62});
  }

  /**
   * @param boxes of the objects in both images, in pixels
   */
  static Batch batch(long seed, float[] boxes) {
    int objects = boxes.length / 4;
    byte[] rgb = new byte[2 * SIZE * SIZE * 3];
    new Random(3).nextBytes(rgb);
    for (int n = 0; n < 2; n++) {
      for (int g = 0; g < objects; g++) {
        for (int y = (int) boxes[4 * g]; y < boxes[4 * g + 2]; y++) {
          int row = (n * SIZE + y) * SIZE;
          int from = 3 * (row + (int) boxes[4 * g + 1]);
          Arrays.fill(rgb, from, 3 * (row + (int) boxes[4 * g + 3]), (byte) (g == 0 ? 250 : 10));
        }
      }
    }
    BytePointer pointer = new BytePointer(rgb.length);
    pointer.put(rgb);
    byte[] masks = new byte[objects * 56 * 56];
    Arrays.fill(masks, (byte) 1);
    int[] classIds = new int[objects];
    for (int g = 0; g < objects; g++) {
      classIds[g] = 1 + g;
    }
    GroundTruth truth = new GroundTruth(classIds, boxes, masks, 56, 56);
    int positives = Math.min(objects, 2);
    RpnTargets anchors =
        new RpnTargets(
            Arrays.copyOf(new int[] {400, 800}, positives),
            new int[] {3, 500, 900, 1000, 1020},
            Arrays.copyOf(
                new float[] {0.1f, -0.2f, 0.3f, 0.4f, 0, 0.5f, -0.1f, 0.2f}, 4 * positives));
    return new Batch(
        new int[] {0, 1},
        new String[] {"a.jpg", "b.jpg"},
        pointer,
        SIZE,
        SIZE,
        new GroundTruth[] {truth, truth},
        new RpnTargets[] {anchors, anchors},
        seed);
  }

  /** One of the images of {@link #batch(long)}. */
  static Batch single(long seed, int n) {
    try (Batch both = batch(seed)) {
      byte[] rgb = new byte[SIZE * SIZE * 3];
      both.rgb().position((long) n * rgb.length).get(rgb);
      both.rgb().position(0);
      return new Batch(
          new int[] {n},
          new String[] {both.fileNames()[n]},
          new BytePointer(rgb.length).put(rgb),
          SIZE,
          SIZE,
          new GroundTruth[] {both.truths()[n]},
          new RpnTargets[] {both.rpnTargets()[n]},
          seed);
    }
  }

  /**
   * Proposals of both images that lie near the objects of {@link #batch(long)} and far from them,
   * [2,20,4].
   */
  public static float[] regions() {
    float[] regions = new float[2 * 20 * 4];
    for (int i = 0; i < 40; i++) {
      float shift = 0.004f * (i % 10);
      float[] box =
          i % 20 < 10
              ? new float[] {0.1f + shift, 0.13f, 0.58f + shift, 0.62f}
              : new float[] {0.02f, 0.6f + shift, 0.3f, 0.9f + shift};
      System.arraycopy(box, 0, regions, 4 * i, 4);
    }
    return regions;
  }
}

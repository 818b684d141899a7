package dev.selvage.data.loader;

import dev.selvage.config.Config;
import dev.selvage.geometry.Anchors;
import dev.selvage.geometry.Boxes;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;

/** Images of noise with objects on a grid: the work of a real batch without its files. */
public final class SyntheticBatch {
  private static final int OBJECTS = 10;

  private SyntheticBatch() {}

  /** As many images of size x size. */
  public static Batch of(Config config, int images, int size) {
    Random random = new Random(1);
    byte[] noise = new byte[images * size * size * 3];
    random.nextBytes(noise);
    int anchors =
        Anchors.count(
            config.RPN_ANCHOR_SCALES.size(),
            config.RPN_ANCHOR_RATIOS.size(),
            size,
            size,
            config.BACKBONE_STRIDES.toArray(),
            config.RPN_ANCHOR_STRIDE);
    GroundTruth[] truths = new GroundTruth[images];
    RpnTargets[] targets = new RpnTargets[images];
    String[] names = new String[images];
    for (int n = 0; n < images; n++) {
      truths[n] = truth(config, size, random);
      targets[n] = targets(config, anchors, random);
      names[n] = "noise" + n;
    }
    int[] indices = IntStream.range(0, images).toArray();
    return new Batch(indices, names, new BytePointer(noise), size, size, truths, targets, 1);
  }

  /**
   * Regions, some of which lie on objects.
   *
   * @return [images,rois,4] flat, normalized
   */
  public static float[] regions(Batch batch, int rois, int positives) {
    Random random = new Random(2);
    float[] regions = new float[batch.size() * rois * 4];
    for (int n = 0; n < batch.size(); n++) {
      double[] objects = Boxes.normalize(batch.truths()[n].boxes(), batch.height(), batch.width());
      for (int i = 0; i < rois; i++) {
        int at = (n * rois + i) * 4;
        for (int k = 0; k < 4; k++) {
          double jitter = 0.002 * random.nextDouble();
          // The lower right quarter holds no object.
          double corner = (k < 2 ? 0.55 : 0.6 + 0.35 * random.nextDouble()) + jitter;
          regions[at + k] =
              (float) (i < positives ? objects[4 * (i % OBJECTS) + k] + jitter : corner);
        }
      }
    }
    return regions;
  }

  /** Objects of several sizes, all clear of the lower right quarter. */
  private static GroundTruth truth(Config config, int size, Random random) {
    int[] classIds = new int[OBJECTS];
    float[] boxes = new float[4 * OBJECTS];
    int maskHeight = config.USE_MINI_MASK ? config.MINI_MASK_SHAPE.get(0) : size;
    int maskWidth = config.USE_MINI_MASK ? config.MINI_MASK_SHAPE.get(1) : size;
    byte[] masks = new byte[OBJECTS * maskHeight * maskWidth];
    Arrays.fill(masks, (byte) 1);
    for (int i = 0; i < OBJECTS; i++) {
      classIds[i] = 1 + random.nextInt(config.NUM_CLASSES - 1);
      float side = size * (0.08f + 0.04f * i);
      float top = (size * 0.5f - side) * (i % 2) * 0.9f;
      boxes[4 * i] = top;
      boxes[4 * i + 1] = (size * 0.5f - side) * random.nextFloat();
      boxes[4 * i + 2] = top + side;
      boxes[4 * i + 3] = boxes[4 * i + 1] + side;
    }
    return new GroundTruth(classIds, boxes, masks, maskHeight, maskWidth);
  }

  /** As many anchors as training samples, half of them positive, anywhere. */
  private static RpnTargets targets(Config config, int anchors, Random random) {
    int[] chosen =
        random
            .ints(0, anchors)
            .distinct()
            .limit(Math.min(config.RPN_TRAIN_ANCHORS_PER_IMAGE, anchors))
            .toArray();
    int half = chosen.length / 2;
    float[] deltas = new float[4 * half];
    for (int i = 0; i < deltas.length; i++) {
      deltas[i] = (float) random.nextGaussian();
    }
    return new RpnTargets(
        Arrays.copyOf(chosen, half), Arrays.copyOfRange(chosen, half, chosen.length), deltas);
  }
}

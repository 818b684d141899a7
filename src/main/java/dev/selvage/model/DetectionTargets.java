package dev.selvage.model;

import dev.selvage.config.Config;
import dev.selvage.data.loader.GroundTruth;
import dev.selvage.geometry.Boxes;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What the heads learn from (Girshick 2015, section 2.3): of each image TRAIN_ROIS_PER_IMAGE
 * regions, first the positives (IoU with an object of at least 0.5), then negatives in proportion,
 * then zeros, which count as background.
 *
 * @param boxes [R,4] flat, normalized, R = images TRAIN_ROIS_PER_IMAGE
 * @param imageIndices [R]
 * @param classIds [R], 0 for background
 * @param positives [P] indices of the positive regions
 * @param deltas [P,4] flat, divided by BBOX_STD_DEV
 * @param maskIndices [P] the object of each positive region, counted over all images
 * @param maskBoxes [P,4] flat, the region in the frame of its object's mask: the object's box with
 *     USE_MINI_MASK, else the image
 */
record DetectionTargets(
    float[] boxes,
    int[] imageIndices,
    int[] classIds,
    int[] positives,
    float[] deltas,
    int[] maskIndices,
    float[] maskBoxes) {
  private static final double POSITIVE_IOU = 0.5;

  /**
   * Matches proposals to objects.
   *
   * @param proposals [N,count,4] flat, normalized, zero padded
   */
  static DetectionTargets of(
      float[] proposals,
      GroundTruth[] truths,
      int height,
      int width,
      Config config,
      RoiSampler sampler) {
    Builder builder = new Builder(config, truths.length);
    int each = proposals.length / truths.length;
    int objectsBefore = 0;
    for (int n = 0; n < truths.length; n++) {
      double[] rois = withoutPadding(Arrays.copyOfRange(proposals, n * each, (n + 1) * each));
      builder.add(
          n,
          rois,
          truths[n],
          Boxes.normalize(truths[n].boxes(), height, width),
          objectsBefore,
          sampler);
      objectsBefore += truths[n].size();
    }
    return builder.build();
  }

  private static double[] withoutPadding(float[] boxes) {
    double[] kept = new double[boxes.length];
    int length = 0;
    for (int i = 0; i < boxes.length; i += 4) {
      if (boxes[i] != 0 || boxes[i + 1] != 0 || boxes[i + 2] != 0 || boxes[i + 3] != 0) {
        for (int k = 0; k < 4; k++) {
          kept[length++] = boxes[i + k];
        }
      }
    }
    return Arrays.copyOf(kept, length);
  }

  private static final class Builder {
    private final Config config;
    private final int perImage;
    private final double ratio;
    private final float[] boxes;
    private final int[] imageIndices;
    private final int[] classIds;
    private final int[] positives;
    private final float[] deltas;
    private final int[] maskIndices;
    private final float[] maskBoxes;
    private int count;

    Builder(Config config, int images) {
      this.config = config;
      perImage = config.TRAIN_ROIS_PER_IMAGE;
      // As written in decimal: 1 / 0.33f times 66 would fall short of 200.
      ratio = Double.parseDouble(Float.toString(config.ROI_POSITIVE_RATIO));
      int rois = images * perImage;
      boxes = new float[4 * rois];
      imageIndices = new int[rois];
      classIds = new int[rois];
      positives = new int[rois];
      deltas = new float[4 * rois];
      maskIndices = new int[rois];
      maskBoxes = new float[4 * rois];
    }

    void add(
        int imageIndex,
        double[] rois,
        GroundTruth truth,
        double[] objects,
        int objectsBefore,
        RoiSampler sampler) {
      int candidates = rois.length / 4;
      int[] best = new int[candidates];
      double[] overlap = new double[candidates];
      for (int i = 0; i < candidates; i++) {
        for (int g = 0; g < truth.size(); g++) {
          double iou = Boxes.iou(rois, i, objects, g);
          if (iou > overlap[i]) {
            overlap[i] = iou;
            best[i] = g;
          }
        }
      }
      int[] near = IntStream.range(0, candidates).filter(i -> overlap[i] >= POSITIVE_IOU).toArray();
      int[] far = IntStream.range(0, candidates).filter(i -> overlap[i] < POSITIVE_IOU).toArray();
      int[] positive = sampler.choose(near, (int) (perImage * ratio));
      int[] negative = sampler.choose(far, (int) (1 / ratio * positive.length) - positive.length);

      int row = imageIndex * perImage;
      Arrays.fill(imageIndices, row, row + perImage, imageIndex);
      for (int i : positive) {
        put(row, rois, i);
        addPositive(row++, rois, i, objects, best[i], truth.classIds()[best[i]], objectsBefore);
      }
      for (int i : negative) {
        put(row++, rois, i);
      }
    }

    private void put(int row, double[] rois, int i) {
      for (int k = 0; k < 4; k++) {
        boxes[4 * row + k] = (float) rois[4 * i + k];
      }
    }

    private void addPositive(
        int row,
        double[] rois,
        int i,
        double[] objects,
        int object,
        int classId,
        int objectsBefore) {
      classIds[row] = classId;
      positives[count] = row;
      maskIndices[count] = objectsBefore + object;
      double[] refinement = Boxes.refinement(rois, i, objects, object);
      double height = objects[4 * object + 2] - objects[4 * object];
      double width = objects[4 * object + 3] - objects[4 * object + 1];
      for (int k = 0; k < 4; k++) {
        deltas[4 * count + k] = (float) (refinement[k] / config.BBOX_STD_DEV.get(k));
        double from = config.USE_MINI_MASK ? objects[4 * object + k % 2] : 0;
        double length = !config.USE_MINI_MASK ? 1 : k % 2 == 0 ? height : width;
        maskBoxes[4 * count + k] = (float) ((rois[4 * i + k] - from) / length);
      }
      count++;
    }

    DetectionTargets build() {
      return new DetectionTargets(
          boxes,
          imageIndices,
          classIds,
          Arrays.copyOf(positives, count),
          Arrays.copyOf(deltas, 4 * count),
          Arrays.copyOf(maskIndices, count),
          Arrays.copyOf(maskBoxes, 4 * count));
    }
  }

  int[] positiveClasses() {
    return IntStream.of(positives).map(i -> classIds[i]).toArray();
  }

  int[] positiveImages() {
    return IntStream.of(positives).map(i -> imageIndices[i]).toArray();
  }

  float[] positiveBoxes() {
    float[] chosen = new float[4 * positives.length];
    for (int i = 0; i < positives.length; i++) {
      System.arraycopy(boxes, 4 * positives[i], chosen, 4 * i, 4);
    }
    return chosen;
  }
}

package dev.selvage.model;

import dev.selvage.config.Config;
import dev.selvage.data.loader.GroundTruth;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the heads learn from (Girshick 2015, section 2.3): of each image TRAIN_ROIS_PER_IMAGE
 * regions, first the positives (IoU with an object of at least 0.5), then negatives in proportion,
 * then zeros, which count as background. The device chooses them, so that nothing waits for the
 * proposals.
 *
 * @param boxes [R,4] normalized, R = images TRAIN_ROIS_PER_IMAGE
 * @param imageIndices [R]
 * @param classIds [R], 0 for background
 * @param deltas [R,4], divided by BBOX_STD_DEV; zeros for background
 * @param positives the positive regions once more
 */
record DetectionTargets(
    Tensor boxes, Tensor imageIndices, Tensor classIds, Tensor deltas, Positives positives) {
  /**
   * The positive regions of all images, in order, and behind them rows for as many as there could
   * be.
   *
   * @param boxes [M,4] normalized
   * @param imageIndices [M], -1 for a row without a region
   * @param classIds [M], 0 for a row without a region
   * @param maskIndices [M] the object of each, counted over all images; -1 for none
   * @param maskBoxes [M,4] the region in the frame of its object's mask: the object's box with
   *     USE_MINI_MASK, else the image
   */
  record Positives(
      Tensor boxes, Tensor imageIndices, Tensor classIds, Tensor maskIndices, Tensor maskBoxes) {
    int size() {
      return Math.toIntExact(classIds.size());
    }

    /** Those that there are. Waits for the device. */
    Positives counted() {
      int count = 0;
      for (float imageIndex : imageIndices.download()) {
        count += imageIndex >= 0 ? 1 : 0;
      }
      return new Positives(
          boxes.view(0, count, 4),
          imageIndices.view(0, count),
          classIds.view(0, count),
          maskIndices.view(0, count),
          maskBoxes.view(0, count, 4));
    }
  }

  /**
   * Matches proposals to objects.
   *
   * @param proposals [N,count,4] normalized, zero padded
   * @param draws of {@link RoiDraws}
   */
  static DetectionTargets of(
      Tensor proposals, GroundTruth[] truths, int height, int width, Config config, int[] draws) {
    int images = truths.length;
    int rois = images * config.TRAIN_ROIS_PER_IMAGE;
    // As written in decimal: 1 / 0.33f times 66 would fall short of 200.
    double ratio = Double.parseDouble(Float.toString(config.ROI_POSITIVE_RATIO));
    int most = images * (int) (config.TRAIN_ROIS_PER_IMAGE * ratio);
    DetectionTargets targets =
        new DetectionTargets(
            Tensor.allocate(rois, 4),
            Ops.list(IntStream.range(0, rois).map(i -> i / config.TRAIN_ROIS_PER_IMAGE).toArray()),
            Tensor.allocate(rois),
            Tensor.allocate(rois, 4),
            new Positives(
                Tensor.allocate(most, 4),
                Tensor.allocate(most),
                Tensor.allocate(most),
                Tensor.allocate(most),
                Tensor.allocate(most, 4)));
    Ops.detectionTargets(
        targets.boxes,
        targets.classIds,
        targets.deltas,
        targets.positives.boxes,
        targets.positives.imageIndices,
        targets.positives.classIds,
        targets.positives.maskIndices,
        targets.positives.maskBoxes,
        proposals,
        boxesOf(truths),
        Stream.of(truths).flatMapToInt(truth -> IntStream.of(truth.classIds())).toArray(),
        Stream.of(truths).mapToInt(GroundTruth::size).toArray(),
        draws,
        height,
        width,
        ratio,
        config.BBOX_STD_DEV.toArray(),
        !config.USE_MINI_MASK);
    return targets;
  }

  private static float[] boxesOf(GroundTruth[] truths) {
    float[] boxes = new float[4 * Stream.of(truths).mapToInt(GroundTruth::size).sum()];
    int at = 0;
    for (GroundTruth truth : truths) {
      System.arraycopy(truth.boxes(), 0, boxes, at, 4 * truth.size());
      at += 4 * truth.size();
    }
    return boxes;
  }
}

package dev.selvage.model;

import dev.selvage.data.loader.GroundTruth;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;
import java.util.Arrays;

/** The true masks of positive regions (He et al. 2017, section 3). */
final class MaskTargets {
  private MaskTargets() {}

  /**
   * Cuts each region out of the mask of its object. Only the masks that are used are copied to the
   * device.
   *
   * @param truths the objects of each image
   * @param side cells of a mask
   * @return [P,side,side] of 0 and 1
   */
  static Tensor of(DetectionTargets targets, GroundTruth[] truths, int side) {
    int[] used = Arrays.stream(targets.maskIndices()).sorted().distinct().toArray();
    int height = truths[0].maskHeight();
    int width = truths[0].maskWidth();
    return Ops.maskTargets(
        Tensor.of(masks(used, truths, height * width), used.length, height, width),
        Tensor.of(targets.maskBoxes(), targets.positives().length, 4),
        Arrays.stream(targets.maskIndices())
            .map(object -> Arrays.binarySearch(used, object))
            .toArray(),
        side);
  }

  /**
   * The masks of some objects.
   *
   * @param used ascending, counted over the objects of all images
   * @param cells of a mask
   */
  private static float[] masks(int[] used, GroundTruth[] truths, int cells) {
    float[] masks = new float[used.length * cells];
    int at = 0;
    int before = 0; // objects of the images before
    for (GroundTruth truth : truths) {
      for (; at < used.length && used[at] < before + truth.size(); at++) {
        int from = (used[at] - before) * cells;
        for (int i = 0; i < cells; i++) {
          masks[at * cells + i] = truth.masks()[from + i];
        }
      }
      before += truth.size();
    }
    return masks;
  }
}

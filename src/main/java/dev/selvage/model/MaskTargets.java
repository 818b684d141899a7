package dev.selvage.model;

import dev.selvage.data.loader.GroundTruth;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The true masks of positive regions (He et al. 2017, section 3). */
final class MaskTargets {
  private MaskTargets() {}

  /**
   * Cuts each region out of the mask of its object. Only the masks that are used are copied to the
   * device, which has to be waited for.
   *
   * @param truths the objects of each image
   * @param side cells of a mask
   * @return [P,side,side] of 0 and 1
   */
  static Tensor ofUsed(DetectionTargets.Positives positives, GroundTruth[] truths, int side) {
    float[] objects = positives.maskIndices().download();
    int[] indices = IntStream.range(0, objects.length).map(i -> (int) objects[i]).toArray();
    int[] used = IntStream.of(indices).filter(i -> i >= 0).sorted().distinct().toArray();
    Tensor masks = Tensor.allocate(used.length, truths[0].maskHeight(), truths[0].maskWidth());
    masks.upload(masks(used, truths));
    int[] places =
        IntStream.of(indices).map(i -> i < 0 ? -1 : Arrays.binarySearch(used, i)).toArray();
    return Ops.maskTargets(masks, positives.maskBoxes(), Ops.list(places), side);
  }

  /**
   * The same from all masks, without waiting.
   *
   * @param room masks that the tensor of masks has room for, so that its size is the same for each
   *     batch
   */
  static Tensor ofAll(
      DetectionTargets.Positives positives, GroundTruth[] truths, int side, int room) {
    int[] all = IntStream.range(0, Stream.of(truths).mapToInt(GroundTruth::size).sum()).toArray();
    int height = truths[0].maskHeight();
    int width = truths[0].maskWidth();
    Tensor masks = Tensor.allocate(Math.max(room, all.length), height, width);
    masks.view(0, all.length, height, width).upload(masks(all, truths));
    return Ops.maskTargets(masks, positives.maskBoxes(), positives.maskIndices(), side);
  }

  /**
   * The masks of some objects.
   *
   * @param used ascending, counted over the objects of all images
   */
  private static float[] masks(int[] used, GroundTruth[] truths) {
    int cells = truths[0].maskHeight() * truths[0].maskWidth();
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

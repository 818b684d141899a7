package dev.selvage.data.loader;

import dev.selvage.config.Config;
import dev.selvage.data.SeededSampling;
import dev.selvage.data.image.ResizePlan;
import dev.selvage.mask.CroppedMask;
import dev.selvage.util.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes the ground truth of an input image from its objects (Matterport's load_image_gt). */
final class GroundTruthBuilder {
  private GroundTruthBuilder() {}

  /**
   * The ground truth of an image.
   *
   * @param objects everything but crowds
   * @param crowds boxes [C,4] flat of crowd regions, which no negative anchor may touch
   */
  record Truth(GroundTruth objects, double[] crowds) {}

  /** Boxes are those of the masks in the image. */
  static Truth build(List<ResizedInstance> instances, ResizePlan plan, Config config) {
    List<CroppedMask> regions = new ArrayList<>();
    List<CroppedMask> crowds = new ArrayList<>();
    List<Integer> classIds = new ArrayList<>();
    for (ResizedInstance object : instances) {
      if (object.crowd()) {
        crowds.add(object.region());
      } else {
        regions.add(object.region());
        classIds.add(object.classId());
      }
    }
    float[] boxes = new float[4 * regions.size()];
    int maskHeight = config.USE_MINI_MASK ? config.MINI_MASK_SHAPE.get(0) : plan.height();
    int maskWidth = config.USE_MINI_MASK ? config.MINI_MASK_SHAPE.get(1) : plan.width();
    long bytes = (long) regions.size() * maskHeight * maskWidth;
    if (bytes > Integer.MAX_VALUE - Long.BYTES) {
      throw new UserError(
          "expected masks of at most 2 GB, found %d of %d x %d pixels; use USE_MINI_MASK=true"
              .formatted(regions.size(), maskHeight, maskWidth));
    }
    byte[] masks = new byte[(int) bytes];
    for (int i = 0; i < regions.size(); i++) {
      CroppedMask region = regions.get(i);
      boxes[4 * i] = region.top();
      boxes[4 * i + 1] = region.left();
      boxes[4 * i + 2] = region.top() + region.height();
      boxes[4 * i + 3] = region.left() + region.width();
      int at = i * maskHeight * maskWidth;
      if (config.USE_MINI_MASK) {
        region.shrink(masks, at, maskHeight, maskWidth);
      } else {
        region.paste(masks, at, maskWidth);
      }
    }
    int[] ids = classIds.stream().mapToInt(Integer::intValue).toArray();
    return new Truth(new GroundTruth(ids, boxes, masks, maskHeight, maskWidth), crowdBoxes(crowds));
  }

  private static double[] crowdBoxes(List<CroppedMask> crowds) {
    double[] boxes = new double[4 * crowds.size()];
    for (int i = 0; i < crowds.size(); i++) {
      CroppedMask crowd = crowds.get(i);
      boxes[4 * i] = crowd.top();
      boxes[4 * i + 1] = crowd.left();
      boxes[4 * i + 2] = crowd.top() + crowd.height();
      boxes[4 * i + 3] = crowd.left() + crowd.width();
    }
    return boxes;
  }

  /** The ground truth of the image mirrored left to right. */
  static Truth flip(Truth truth, int width) {
    GroundTruth objects = truth.objects();
    int stride = objects.maskWidth();
    byte[] mirrored = new byte[objects.masks().length];
    for (int row = 0; row < mirrored.length; row += stride) {
      for (int x = 0; x < stride; x++) {
        mirrored[row + x] = objects.masks()[row + stride - 1 - x];
      }
    }
    float[] boxes = objects.boxes().clone();
    for (int i = 0; i < boxes.length; i += 4) {
      boxes[i + 1] = width - objects.boxes()[i + 3];
      boxes[i + 3] = width - objects.boxes()[i + 1];
    }
    double[] crowds = truth.crowds().clone();
    for (int i = 0; i < crowds.length; i += 4) {
      crowds[i + 1] = width - truth.crowds()[i + 3];
      crowds[i + 3] = width - truth.crowds()[i + 1];
    }
    return new Truth(
        new GroundTruth(objects.classIds(), boxes, mirrored, objects.maskHeight(), stride), crowds);
  }

  /** At most max of the objects, chosen at random where there are more. */
  static GroundTruth limit(GroundTruth truth, int max, SplittableRandom random) {
    if (truth.size() <= max) {
      return truth;
    }
    int[] kept = SeededSampling.choose(truth.size(), max, random);
    int area = truth.maskHeight() * truth.maskWidth();
    int[] classIds = new int[max];
    float[] boxes = new float[4 * max];
    byte[] masks = new byte[max * area];
    for (int i = 0; i < max; i++) {
      classIds[i] = truth.classIds()[kept[i]];
      System.arraycopy(truth.boxes(), 4 * kept[i], boxes, 4 * i, 4);
      System.arraycopy(truth.masks(), kept[i] * area, masks, i * area, area);
    }
    return new GroundTruth(classIds, boxes, masks, truth.maskHeight(), truth.maskWidth());
  }
}
